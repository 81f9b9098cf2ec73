/** Login, registration and recovery: the pages, the password check, and their limits. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "oauth",
            "web",
            "mail",
            "keys",
            "audit",
            "standby",
            "ratelimit",
            "client",
            "account",
            "factor",
            "passkey",
            "session",
            "revocation"
        })
package dev.gatehouse.server.login;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
