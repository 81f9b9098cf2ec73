package dev.gatehouse.server.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * One version of the operator's master key: 32 bytes that seal what is secret at rest, by a key derived from them (HKDF,
 * RFC 5869).
 */
final class MasterKey {
    private static final byte[] SALT = "gatehouse master key v1".getBytes(StandardCharsets.US_ASCII);

    private final int version;

    private final byte[] material;

    /** @param version from 1 up; what a lower one has sealed is sealed anew */
    MasterKey(int version, byte[] material) {
        if (version < 1 || material.length != 32) {
            throw new IllegalArgumentException("a master key has a version from 1 up and 32 bytes");
        }
        this.version = version;
        this.material = material.clone();
    }

    int version() {
        return version;
    }

    SecretKey sealingKey() {
        return derive(material, SALT, "AES", "aes:sealing");
    }

    static SecretKey derive(byte[] material, byte[] salt, String algorithm, String info) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            algorithm,
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(material)
                                    .addSalt(salt)
                                    .thenExpand(info.getBytes(StandardCharsets.UTF_8), 32));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "master key " + version;
    }
}
