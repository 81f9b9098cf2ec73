/** The account pages: what a person sees and changes of their own account. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "oauth",
            "web",
            "mail",
            "audit",
            "standby",
            "ratelimit",
            "client",
            "account",
            "factor",
            "passkey",
            "session",
            "token",
            "revocation",
            "login",
            "consent"
        })
package dev.gatehouse.server.selfservice;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
