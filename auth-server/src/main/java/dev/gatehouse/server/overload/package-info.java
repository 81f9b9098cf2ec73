/** Overload: whose request is worked on, and who is asked to come back. */
@NullMarked
@ApplicationModule(allowedDependencies = {"oauth", "web"})
package dev.gatehouse.server.overload;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
