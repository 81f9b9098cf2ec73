/** Gives the benchmarks what the starter keeps to itself. */
@NullMarked
package dev.gatehouse.verifier.spring;

import org.jspecify.annotations.NullMarked;
