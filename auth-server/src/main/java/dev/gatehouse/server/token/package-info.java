/** Access-token claims, authorization codes, refresh token families. */
@NullMarked
@ApplicationModule(allowedDependencies = {"oauth", "keys", "audit", "standby"})
package dev.gatehouse.server.token;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
