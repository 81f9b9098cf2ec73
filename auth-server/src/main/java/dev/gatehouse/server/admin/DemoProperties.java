package dev.gatehouse.server.admin;

import dev.gatehouse.server.oauth.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The demo's data, whose passwords everybody knows.
 *
 * @param enabled whether they are loaded; only on a server that is bound to loopback
 * @param declare a file with more clients, APIs and people, whose secrets may be written out
 * @param adminPassword the password of the person admin, who cannot log in before one was given
 */
@ConfigurationProperties("gatehouse.demo")
record DemoProperties(
        @DefaultValue("false") boolean enabled,
        @Nullable Path declare,
        @Nullable Secret adminPassword) {

    DemoProperties {
        if (adminPassword != null && !adminPassword.value().matches("(?s).{8,256}")) {
            throw new IllegalArgumentException("gatehouse.demo.admin-password must have 8 to 256 characters");
        }
        if (!enabled && declare != null) {
            throw new IllegalArgumentException("gatehouse.demo.declare is for the demo: use gatehouse.admin.declare");
        }
    }
}
