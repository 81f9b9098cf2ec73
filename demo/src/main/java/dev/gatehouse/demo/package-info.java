/** A real PostgreSQL and a real Redis on loopback, and the demo that runs on them. */
@NullMarked
package dev.gatehouse.demo;

import org.jspecify.annotations.NullMarked;
