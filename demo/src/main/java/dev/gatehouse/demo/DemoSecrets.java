package dev.gatehouse.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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

    /** Whether no demo has come up on these data yet: nobody knows the administrator's password. */
    boolean isFirstStart() {
        return Files.notExists(startedFile());
    }

    /** The demo has come up, and its administrator's password was shown. */
    void markStarted() throws IOException {
        if (isFirstStart()) {
            Files.createFile(startedFile());
        }
    }

    private Path startedFile() {
        return data.resolve("started");
    }

    Path masterKeyFile() {
        return data.resolve("master.key");
    }

    /** Makes the master key, unless an earlier start has made it. */
    void provideMasterKey() throws IOException {
        if (Files.exists(masterKeyFile())) {
            return;
        }
        // Under another name until it is whole and on the disk: a start that is cut off leaves no half of a key.
        Path whole = data.resolve("master.key.new");
        Files.deleteIfExists(whole);
        Files.createFile(whole, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                whole,
                Base64.getEncoder().encodeToString(bytes(32)),
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        Files.move(whole, masterKeyFile(), StandardCopyOption.ATOMIC_MOVE);
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
