package dev.gatehouse.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** The secrets that a demo makes for itself at its first start: the master key, kept, and the administrator's password. */
final class DemoSecrets {
    private final Path data;

    private final SecureRandom random;

    DemoSecrets(Path data, SecureRandom random) {
        this.data = data;
        this.random = random;
    }

    boolean isFirstStart() {
        return Files.notExists(masterKeyFile());
    }

    Path masterKeyFile() {
        return data.resolve("master.key");
    }

    void writeMasterKey() throws IOException {
        Path file = Files.createFile(
                masterKeyFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, Base64.getEncoder().encodeToString(bytes(32)));
    }

    String newPassword() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(15));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
