/** The OAuth and OpenID Connect endpoints; the only package that imports the authorization server engine. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "oauth",
            "web",
            "keys",
            "audit",
            "standby",
            "ratelimit",
            "client",
            "account",
            "session",
            "token",
            "revocation",
            "login",
            "consent"
        })
package dev.gatehouse.server.protocol;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
