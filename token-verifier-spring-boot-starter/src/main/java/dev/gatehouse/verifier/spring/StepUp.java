package dev.gatehouse.verifier.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Asks for a token of a person who has proven more, or more lately, who they are. Another token is answered 401 with the error
 * {@code insufficient_user_authentication} and what is missing, RFC 9470 section 3; the client then sends its person to the issuer
 * with the same values.
 */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface StepUp {
    /** The classes of authentication that are enough, one of which the token's {@code acr} must be; none for any. */
    String[] acrValues() default {};

    /** How many seconds ago the person may have logged in at most, by the token's {@code auth_time}; -1 for any time. */
    long maxAgeSeconds() default -1;
}
