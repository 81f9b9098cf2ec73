/** Second factors: codes of an authenticator, recovery codes, codes by e-mail, and how often each may be tried. */
@NullMarked
@ApplicationModule(allowedDependencies = {"oauth", "web", "keys", "audit", "mail", "ratelimit", "account", "standby"})
package dev.gatehouse.server.factor;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
