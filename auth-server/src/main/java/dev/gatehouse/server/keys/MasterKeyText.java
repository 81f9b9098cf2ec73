package dev.gatehouse.server.keys;

import dev.gatehouse.server.oauth.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A master key as an operator writes it: 32 bytes in base64, base64url or hex, with its version and a colon in front unless
 * it is version 1. No refusal repeats what was written.
 */
final class MasterKeyText {
    private static final int LENGTH = 32;

    private static final int LONGEST_FILE = 4096;

    private static final Pattern VERSIONED = Pattern.compile("(?:([0-9]{1,6}):)?([^:]*)");

    private static final String HOW_TO_MAKE_ONE = "; make one with: openssl rand -base64 32";

    private MasterKeyText() {}

    /** @param setting where the text stands */
    static MasterKey read(String setting, Secret text) {
        Matcher versioned = VERSIONED.matcher(text.value().strip());
        byte[] key = versioned.matches() ? decoded(versioned.group(2)) : new byte[0];
        if (key.length != LENGTH) {
            throw new IllegalArgumentException(setting + " must be 32 bytes in base64 or hex" + HOW_TO_MAKE_ONE);
        }
        if (isOneByteRepeated(key)) {
            throw new IllegalArgumentException(setting + " must be random" + HOW_TO_MAKE_ONE);
        }
        int version = version(versioned.group(1));
        if (version < 1) {
            throw new IllegalArgumentException(setting + " must have a version from 1 to 999999 before its colon");
        }
        return new MasterKey(version, key);
    }

    static MasterKey read(String setting, Path file) {
        return read(setting, new Secret(contents(setting, file)));
    }

    private static int version(@Nullable String digits) {
        return digits == null ? 1 : Integer.parseInt(digits);
    }

    private static String contents(String setting, Path file) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= LONGEST_FILE) {
                return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            }
        } catch (IOException e) {
            // The cause is left out: the reporter prints the innermost message, and that one names no setting.
            throw new IllegalArgumentException(setting + ": " + file + " cannot be read");
        }
        throw new IllegalArgumentException(setting + ": " + file + " is no file or too long");
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
