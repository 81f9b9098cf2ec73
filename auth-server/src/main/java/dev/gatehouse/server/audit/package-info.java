/** The security events and their log. */
@NullMarked
@ApplicationModule(allowedDependencies = {"oauth"})
package dev.gatehouse.server.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
