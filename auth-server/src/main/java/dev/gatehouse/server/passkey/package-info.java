/** Passkeys: WebAuthn credentials of people, how they are registered, and how what they sign is checked. */
@NullMarked
@ApplicationModule(allowedDependencies = {"oauth", "web", "keys", "audit", "account"})
package dev.gatehouse.server.passkey;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
