/** The Gatehouse token verifier behind Spring Security's resource server. */
@NullMarked
package dev.gatehouse.verifier.spring;

import org.jspecify.annotations.NullMarked;
