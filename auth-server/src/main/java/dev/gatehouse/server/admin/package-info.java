/** The admin API, and declared configuration: clients, APIs and people from a YAML file. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "oauth",
            "web",
            "keys",
            "audit",
            "client",
            "account",
            "token",
            "revocation",
            "backchannel"
        })
package dev.gatehouse.server.admin;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
