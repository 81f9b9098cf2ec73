/** Signing keys: life cycle, sealing at rest, the JWK set; and the master key that other secrets derive from. */
@NullMarked
@ApplicationModule(allowedDependencies = {"oauth"})
package dev.gatehouse.server.keys;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
