package dev.gatehouse.server.admin;

import dev.gatehouse.server.oauth.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;

/** The demo's APIs, clients and people. Their secrets are in the source, so they are only for a server bound to loopback. */
final class DemoData {
    private static final String FILE = "demo.yaml";

    private DemoData() {}

    /** @throws BadDeclaration when the server would listen to anybody but this machine */
    static void refuseOutsideLoopback(@Nullable InetAddress boundTo) {
        if (boundTo == null || !boundTo.isLoopbackAddress()) {
            throw new BadDeclaration(List.of("gatehouse.demo.enabled=true needs a server bound to loopback"
                    + " (server.address=127.0.0.1): everybody knows the demo's passwords"));
        }
    }

    static DeclaredConfiguration read(DeclaredConfigurationReader reader, @Nullable Secret adminPassword) {
        DeclaredConfiguration demo = reader.read(FILE, text(), List.of());
        if (adminPassword == null) {
            return demo;
        }
        return new DeclaredConfiguration(
                demo.apis(),
                demo.clients(),
                demo.people().stream()
                        .map(person -> person.username().equals("admin") ? person.withPassword(adminPassword) : person)
                        .toList());
    }

    private static String text() {
        try {
            return new ClassPathResource(FILE).getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
