package dev.gatehouse.server.admin;

import dev.gatehouse.server.client.Api;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Loads the demo's data and the declared files once every bean is there and before the first request is accepted. */
final class DeclaredAtStart implements SmartInitializingSingleton {
    private static final int LARGEST_FILE = 1 << 20;

    private final DemoProperties demo;

    private final AdminProperties admin;

    private final @Nullable InetAddress boundTo;

    private final DeclaredConfigurationReader reader;

    private final Registrar registrar;

    DeclaredAtStart(
            DemoProperties demo,
            AdminProperties admin,
            @Nullable InetAddress boundTo,
            DeclaredConfigurationReader reader,
            Registrar registrar) {
        this.demo = demo;
        this.admin = admin;
        this.boundTo = boundTo;
        this.reader = reader;
        this.registrar = registrar;
    }

    @Override
    public void afterSingletonsInstantiated() {
        DeclaredConfiguration declared = DeclaredConfiguration.empty();
        if (demo.enabled()) {
            DemoData.refuseOutsideLoopback(boundTo);
            declared = DemoData.read(reader, demo.adminPassword());
        }
        for (Path file : Stream.of(admin.declare(), demo.declare())
                .filter(Objects::nonNull)
                .toList()) {
            declared = declared.and(read(file, declared.apis()));
        }
        if (!declared.equals(DeclaredConfiguration.empty())) {
            registrar.register(declared);
        }
    }

    private DeclaredConfiguration read(Path file, List<Api> known) {
        try (InputStream content = Files.newInputStream(file)) {
            byte[] bytes = content.readNBytes(LARGEST_FILE + 1);
            if (bytes.length > LARGEST_FILE) {
                throw new BadDeclaration(List.of(file + ":1: the file is larger than " + LARGEST_FILE + " bytes"));
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return reader.read(file.toString(), text, known);
        } catch (CharacterCodingException e) {
            throw new BadDeclaration(List.of(file + ":1: the file must be encoded in UTF-8"));
        } catch (IOException e) {
            throw new BadDeclaration(List.of(file + ": cannot be read"));
        }
    }
}
