/** Health, metrics and start-up checks. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "oauth",
            "web",
            "keys",
            "audit",
            "ratelimit",
            "client",
            "account",
            "session",
            "token",
            "revocation"
        })
package dev.gatehouse.server.ops;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
