/** What a person has agreed to let a client do, and the page that asks. */
@NullMarked
@ApplicationModule(allowedDependencies = {"oauth", "web", "audit", "client", "account", "session"})
package dev.gatehouse.server.consent;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
