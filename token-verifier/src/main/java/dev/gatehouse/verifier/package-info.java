/** Placeholder. */
@NullMarked
package dev.gatehouse.verifier;

import org.jspecify.annotations.NullMarked;
