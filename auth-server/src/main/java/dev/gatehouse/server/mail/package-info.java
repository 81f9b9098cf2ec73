/** Letters to people, by e-mail. */
@NullMarked
@ApplicationModule(allowedDependencies = {"oauth", "web", "audit"})
package dev.gatehouse.server.mail;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
