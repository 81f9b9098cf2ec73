package dev.gatehouse.server.account;

import dev.gatehouse.server.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tokens that prove that somebody reads an e-mail address: 256 random bits, stored as their digest, good once and for a while. A
 * new one takes the place of the one before.
 */
public final class OneTimeTokens {
    private static final int BYTES = 32;

    private static final String SAVE = """
            insert into one_time_tokens (digest, purpose, holder, email, expires_at)
            values (:digest, :purpose, :holder, :email, :expires)
            on conflict (purpose, holder) do update
                set digest = excluded.digest, email = excluded.email, expires_at = excluded.expires_at
            """;

    private static final String FIND =
            "select holder, email from one_time_tokens where digest = :digest and purpose = :purpose and expires_at > :now";

    private static final String USE = """
            delete from one_time_tokens where digest = :digest and purpose = :purpose and expires_at > :now
            returning holder, email
            """;

    private static final String FORGET = "delete from one_time_tokens where expires_at <= :now";

    private static final String FORGET_HOLDER = "delete from one_time_tokens where holder = :holder";

    private final JdbcClient jdbc;

    private final SecureRandom random;

    private final InstantSource clock;

    OneTimeTokens(JdbcClient jdbc, SecureRandom random, InstantSource clock) {
        this.jdbc = jdbc;
        this.random = random;
        this.clock = clock;
    }

    /** What a token is for. It is good for nothing else. */
    public enum Purpose {
        REGISTER("register", Duration.ofHours(24)),
        RECOVER("recover", Duration.ofMinutes(30)),
        VERIFY_EMAIL("verify-email", Duration.ofHours(24));

        private final String stored;

        private final Duration lifetime;

        Purpose(String stored, Duration lifetime) {
            this.stored = stored;
            this.lifetime = lifetime;
        }
    }

    /**
     * What a token stands for.
     *
     * @param holder the account's id; for a registration the address itself
     * @param email the address that it was sent to
     */
    public record Proof(String holder, String email) {}

    public Secret issue(Purpose purpose, String holder, String email) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        Secret token = new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        Instant now = clock.instant();
        jdbc.sql(FORGET).param("now", Timestamp.from(now)).update();
        jdbc.sql(SAVE)
                .param("digest", digest(token))
                .param("purpose", purpose.stored)
                .param("holder", holder)
                .param("email", email)
                .param("expires", Timestamp.from(now.plus(purpose.lifetime)))
                .update();
        return token;
    }

    /** What the token stands for, which stays good: mail scanners open links too. */
    public Optional<Proof> find(Purpose purpose, Secret token) {
        return query(FIND, purpose, token);
    }

    /** What the token stands for, to exactly one of those who present it. */
    public Optional<Proof> use(Purpose purpose, Secret token) {
        return query(USE, purpose, token);
    }

    /** Forgets what was sent about an account. */
    public void forget(String holder) {
        jdbc.sql(FORGET_HOLDER).param("holder", holder).update();
    }

    private Optional<Proof> query(String sql, Purpose purpose, Secret token) {
        return jdbc.sql(sql)
                .param("digest", digest(token))
                .param("purpose", purpose.stored)
                .param("now", Timestamp.from(clock.instant()))
                .query((row, _) -> new Proof(row.getString("holder"), row.getString("email")))
                .optional();
    }

    private static byte[] digest(Secret token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.value().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }
}
