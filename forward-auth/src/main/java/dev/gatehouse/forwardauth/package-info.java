/** Answers proxies whether a request's token is good. */
@NullMarked
package dev.gatehouse.forwardauth;

import org.jspecify.annotations.NullMarked;
