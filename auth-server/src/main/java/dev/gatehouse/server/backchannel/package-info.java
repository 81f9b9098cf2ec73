/** OpenID Connect Back-Channel Logout: what clients are owed when a login has ended, and its delivery. */
@NullMarked
@ApplicationModule(allowedDependencies = {"oauth", "web", "keys", "audit", "client", "session"})
package dev.gatehouse.server.backchannel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
