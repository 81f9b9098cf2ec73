package dev.gatehouse.server.keys;

import dev.gatehouse.server.oauth.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the master key is: exactly one of the two.
 *
 * @param masterKey 32 bytes in base64 or hex
 * @param masterKeyFile a file that holds them in the same form
 */
@ConfigurationProperties("gatehouse.keys")
record KeysProperties(@Nullable Secret masterKey, @Nullable Path masterKeyFile) {
    KeysProperties {
        if (masterKey != null && masterKey.value().isBlank()) {
            masterKey = null;
        }
        if (masterKeyFile != null && masterKeyFile.toString().isBlank()) {
            masterKeyFile = null;
        }
        if ((masterKey == null) == (masterKeyFile == null)) {
            throw new IllegalArgumentException(
                    "gatehouse.keys.master-key or gatehouse.keys.master-key-file must be set, "
                            + (masterKey == null ? "and neither is" : "not both"));
        }
        MasterKeyText.read(masterKey, masterKeyFile);
    }

    /** The master key's 32 bytes. */
    byte[] bytes() {
        return MasterKeyText.read(masterKey, masterKeyFile);
    }
}
