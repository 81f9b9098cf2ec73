/** Login: the page, the password check, its limits, and log-out of the browser. */
@NullMarked
@ApplicationModule(allowedDependencies = {"oauth", "web", "keys", "audit", "ratelimit", "client", "account", "session"})
package dev.gatehouse.server.login;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
