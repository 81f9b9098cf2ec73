/** The inventory service: what is in stock, and reservations of it. */
@NullMarked
package dev.gatehouse.sample.inventory;

import org.jspecify.annotations.NullMarked;
