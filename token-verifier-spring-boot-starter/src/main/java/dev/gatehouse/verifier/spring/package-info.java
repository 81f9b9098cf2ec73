/** Placeholder. */
@NullMarked
package dev.gatehouse.verifier.spring;

import org.jspecify.annotations.NullMarked;
