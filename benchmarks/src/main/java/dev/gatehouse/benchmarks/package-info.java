/** What verification costs in time and memory, beside Spring Security's own decoder. */
@NullMarked
package dev.gatehouse.benchmarks;

import org.jspecify.annotations.NullMarked;
