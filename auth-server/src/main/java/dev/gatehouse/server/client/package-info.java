/** Registered clients and APIs: their secrets, grants and policies. */
@NullMarked
@ApplicationModule(allowedDependencies = {"oauth", "keys", "audit"})
package dev.gatehouse.server.client;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
