/** Login sessions, one per person and browser, and the grants that hang on them. */
@NullMarked
@ApplicationModule(allowedDependencies = {"oauth", "web", "keys", "audit", "standby"})
package dev.gatehouse.server.session;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
