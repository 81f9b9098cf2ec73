/** The orders service: an API, the same for a person with a browser, and a client of inventory. */
@NullMarked
package dev.gatehouse.sample.orders;

import org.jspecify.annotations.NullMarked;
