package dev.gatehouse.server.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * HKDF-SHA-256 over the operator's 32 bytes. The purpose is the {@code info}, with what the key is for, so that no two uses
 * ever share a key.
 */
final class HkdfMasterKey implements MasterKey {
    private static final byte[] SALT = "gatehouse master key v1".getBytes(StandardCharsets.US_ASCII);

    private final byte[] material;

    HkdfMasterKey(byte[] material) {
        if (material.length != 32) {
            throw new IllegalArgumentException("a master key has 32 bytes");
        }
        this.material = material.clone();
    }

    @Override
    public SecretKey aesKey(String purpose) {
        return derive("AES", "aes:" + purpose);
    }

    @Override
    public SecretKey macKey(String purpose) {
        return derive("HmacSHA256", "mac:" + purpose);
    }

    private SecretKey derive(String algorithm, String info) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            algorithm,
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(material)
                                    .addSalt(SALT)
                                    .thenExpand(info.getBytes(StandardCharsets.UTF_8), 32));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "master key";
    }
}
