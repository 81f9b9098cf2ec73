/** HTTP plumbing: the client address behind proxies, error writing, security headers. */
@NullMarked
@ApplicationModule(allowedDependencies = {"oauth"})
package dev.gatehouse.server.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
