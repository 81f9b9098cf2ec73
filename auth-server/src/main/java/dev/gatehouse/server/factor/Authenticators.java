package dev.gatehouse.server.factor;

import dev.gatehouse.server.account.Account;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Authenticator apps, one an account: codes by time, RFC 6238. A code is accepted once, and none that is older than the last one
 * accepted, which one SQL statement decides.
 */
@Component
@Order(20)
public final class Authenticators implements CodeFactor {
    /** As long as the hash, RFC 4226 section 4. */
    private static final int SECRET_BYTES = 20;

    private static final String SAVE = """
            insert into authenticators (account_id, sealed, last_step) values (:id, :sealed, :step)
            on conflict (account_id) do update
                set sealed = excluded.sealed, last_step = excluded.last_step, added_at = now()
            """;

    private static final String USE_STEP = """
            update authenticators set last_step = :step
            where account_id = :id and sealed = :sealed and last_step < :step
            """;

    private final JdbcClient jdbc;

    private final AuthenticatorSeal seal;

    private final InstantSource clock;

    private final SecureRandom random;

    Authenticators(JdbcClient jdbc, AuthenticatorSeal seal, InstantSource clock, SecureRandom random) {
        this.jdbc = jdbc;
        this.seal = seal;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public String name() {
        return "totp";
    }

    @Override
    public boolean isEnrolled(String accountId) {
        return sealed(accountId).isPresent();
    }

    private Optional<byte[]> sealed(String accountId) {
        return jdbc.sql("select sealed from authenticators where account_id = :id")
                .param("id", UUID.fromString(accountId))
                .query((row, _) -> row.getBytes(1))
                .optional();
    }

    @Override
    public boolean accept(Account account, String loginId, String code) {
        Optional<byte[]> sealed = sealed(account.id());
        if (sealed.isEmpty()) {
            return false;
        }
        OptionalLong step = seal.open(account.id(), sealed.get())
                .map(secret -> Totp.match(secret, code, clock.instant()))
                .orElse(OptionalLong.empty());
        return step.isPresent()
                && jdbc.sql(USE_STEP)
                                .param("id", UUID.fromString(account.id()))
                                .param("sealed", sealed.get())
                                .param("step", step.getAsLong())
                                .update()
                        == 1;
    }

    /** A new key, which counts for nothing until the person has confirmed it by a code. */
    public AuthenticatorKey propose(String accountId) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new AuthenticatorKey(
                secret, Base64.getUrlEncoder().withoutPadding().encodeToString(seal.seal(accountId, secret)));
    }

    /** The key that was proposed to this account, from its sealed form. */
    public Optional<AuthenticatorKey> proposed(String accountId, String sealed) {
        try {
            return seal.open(accountId, Base64.getUrlDecoder().decode(sealed))
                    .map(secret -> new AuthenticatorKey(secret, sealed));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Sets the authenticator up in place of any other, when the code shows that the app has the key. */
    public boolean confirm(String accountId, AuthenticatorKey key, String code) {
        OptionalLong step = Totp.match(key.secret(), code, clock.instant());
        if (step.isEmpty()) {
            return false;
        }
        jdbc.sql(SAVE)
                .param("id", UUID.fromString(accountId))
                .param("sealed", seal.seal(accountId, key.secret()))
                .param("step", step.getAsLong())
                .update();
        return true;
    }

    @Override
    public boolean remove(String accountId) {
        return jdbc.sql("delete from authenticators where account_id = :id")
                        .param("id", UUID.fromString(accountId))
                        .update()
                == 1;
    }
}
