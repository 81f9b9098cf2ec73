/** A small service whose endpoint is open or protected, for {@link dev.gatehouse.benchmarks.WholeService}. */
@NullMarked
package dev.gatehouse.benchmarks.service;

import org.jspecify.annotations.NullMarked;
