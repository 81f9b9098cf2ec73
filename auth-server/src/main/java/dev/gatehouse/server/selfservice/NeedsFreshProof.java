package dev.gatehouse.server.selfservice;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the handlers of an account page that a person may use only shortly after they have proven who they are; others are sent
 * to the login page and come back to the page by GET, so its forms must post to the path that shows them.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@interface NeedsFreshProof {}
