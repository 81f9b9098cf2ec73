/** What password hashing costs. Here because what hashes is seen by its own package only. */
@NullMarked
package dev.gatehouse.server.account;

import org.jspecify.annotations.NullMarked;
