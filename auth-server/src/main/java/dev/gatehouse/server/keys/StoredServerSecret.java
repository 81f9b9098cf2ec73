package dev.gatehouse.server.keys;

import dev.gatehouse.server.keys.Seal.BrokenSealException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import javax.crypto.SecretKey;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The server's secret in PostgreSQL: of any number of replicas that start on an empty database, one makes it. */
final class StoredServerSecret implements ServerSecret {
    private static final String PURPOSE = "server secret";

    private static final byte[] SALT = "gatehouse server secret v1".getBytes(StandardCharsets.US_ASCII);

    private static final int LENGTH = 32;

    private final byte[] secret;

    private StoredServerSecret(byte[] secret) {
        this.secret = secret;
    }

    /** Reads the secret, makes it if there is none, and seals it anew when an older master key has. */
    static StoredServerSecret open(JdbcClient jdbc, Seal seal, SecureRandom random) {
        byte[] fresh = new byte[LENGTH];
        random.nextBytes(fresh);
        jdbc.sql("insert into server_secret (sealed) values (:sealed) on conflict do nothing")
                .param("sealed", seal.seal(PURPOSE, fresh))
                .update();
        byte[] sealed = jdbc.sql("select sealed from server_secret")
                .query((row, _) -> row.getBytes(1))
                .single();
        try {
            byte[] secret = seal.open(PURPOSE, sealed);
            if (seal.isOutdated(sealed)) {
                jdbc.sql("update server_secret set sealed = :anew where sealed = :sealed")
                        .param("anew", seal.seal(PURPOSE, secret))
                        .param("sealed", sealed)
                        .update();
            }
            return new StoredServerSecret(secret);
        } catch (BrokenSealException e) {
            throw new WrongMasterKey(e);
        }
    }

    @Override
    public SecretKey aesKey(String purpose) {
        return MasterKey.derive(secret, SALT, "AES", "aes:" + purpose);
    }

    @Override
    public SecretKey macKey(String purpose) {
        return MasterKey.derive(secret, SALT, "HmacSHA256", "mac:" + purpose);
    }

    @Override
    public String toString() {
        return "server secret";
    }
}
