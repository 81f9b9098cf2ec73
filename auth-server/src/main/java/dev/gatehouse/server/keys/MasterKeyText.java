package dev.gatehouse.server.keys;

import dev.gatehouse.server.oauth.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The master key as an operator writes it: 32 bytes in base64, base64url or hex. No refusal repeats what was written. */
final class MasterKeyText {
    private static final int LENGTH = 32;

    private static final int LONGEST_FILE = 4096;

    private MasterKeyText() {}

    /** The key from whichever of the two is there; the file wins. */
    static byte[] read(@Nullable Secret text, @Nullable Path file) {
        if (file != null) {
            return decode("gatehouse.keys.master-key-file", contents(file));
        }
        return decode("gatehouse.keys.master-key", text == null ? "" : text.value());
    }

    private static String contents(Path file) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= LONGEST_FILE) {
                return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        throw unreadable(file, null);
    }

    private static IllegalArgumentException unreadable(Path file, @Nullable IOException cause) {
        // The cause is left out: the reporter prints the innermost message, and that one names no setting.
        String why = cause == null ? "is no file or too long" : "cannot be read";
        return new IllegalArgumentException("gatehouse.keys.master-key-file: " + file + " " + why);
    }

    private static byte[] decode(String setting, String text) {
        byte[] key = decoded(text.strip());
        if (key.length != LENGTH) {
            throw new IllegalArgumentException(
                    setting + " must be 32 bytes in base64 or hex; make one with: openssl rand -base64 32");
        }
        if (isOneByteRepeated(key)) {
            throw new IllegalArgumentException(setting + " must be random; make one with: openssl rand -base64 32");
        }
        return key;
    }

    private static byte[] decoded(String text) {
        try {
            return text.length() == 2 * LENGTH
                    ? HexFormat.of().parseHex(text)
                    : Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static boolean isOneByteRepeated(byte[] key) {
        for (byte b : key) {
            if (b != key[0]) {
                return false;
            }
        }
        return true;
    }
}
