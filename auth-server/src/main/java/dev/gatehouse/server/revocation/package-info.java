/** The revocation log, its feed and snapshot, and what introspection answers. */
@NullMarked
@ApplicationModule(allowedDependencies = {"oauth", "web", "keys", "audit", "client", "account", "session", "token"})
package dev.gatehouse.server.revocation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
