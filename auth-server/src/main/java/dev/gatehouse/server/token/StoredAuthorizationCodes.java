package dev.gatehouse.server.token;

import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.standby.Standby;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Authorization codes: in Redis, and those that are issued while it is away in PostgreSQL. Each is stored under its SHA-256, as fields:
 *
 * <pre>
 * pending  {"v":1,...}    what the code stands for
 * jti      Xy...          once claimed: the access token that it was claimed for
 * family   1              once claimed: whether a refresh token family was begun under the grant's id
 * </pre>
 *
 * A claimed code is remembered for as long as what it gave may be alive and its second use worth noticing. A claim that the
 * store's client sends again after a broken connection is the same claim: its {@code jti} tells.
 */
final class StoredAuthorizationCodes implements AuthorizationCodes {
    private static final Pattern CODE = Pattern.compile("[.A-Za-z0-9_-][A-Za-z0-9_-]{42}");

    private static final Duration SHORTEST_MEMORY = Duration.ofMinutes(10);

    private final CodeStore redis;

    private final CodeStore postgres;

    private final Standby standby;

    private final SecureRandom random;

    private final Duration lifetime;

    private final Duration memory;

    StoredAuthorizationCodes(
            CodeStore redis, CodeStore postgres, Standby standby, SecureRandom random, TokenProperties properties) {
        this.redis = redis;
        this.postgres = postgres;
        this.standby = standby;
        this.random = random;
        this.lifetime = properties.authorizationCodeLifetime();
        this.memory = properties.accessTokenLifetime().compareTo(SHORTEST_MEMORY) > 0
                ? properties.accessTokenLifetime()
                : SHORTEST_MEMORY;
    }

    /** The stored form. */
    private record StoredPending(
            int v,
            String id,
            String cid,
            StoredGrant grant,
            String uri,
            boolean given,
            @Nullable String cc) {
        static StoredPending of(Pending pending) {
            return new StoredPending(
                    1,
                    pending.grant().id(),
                    pending.grant().clientId(),
                    StoredGrant.of(pending.grant()),
                    pending.redirectUri(),
                    pending.redirectUriWasGiven(),
                    pending.codeChallenge());
        }

        Pending pending() {
            return new Pending(grant.grant(id, cid), uri, given, cc);
        }
    }

    private CodeStore store(String code) {
        return Standby.holds(code) ? postgres : redis;
    }

    @Override
    public Secret issue(Pending pending) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String code = standby.mark(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        store(code).issue(digest(code), StoredGrant.write(StoredPending.of(pending)), lifetime);
        return new Secret(code);
    }

    @Override
    public Optional<Pending> peek(String code) {
        if (!CODE.matcher(code).matches()) {
            return Optional.empty();
        }
        return store(code).pending(digest(code)).map(StoredAuthorizationCodes::read);
    }

    @Override
    public Claim claim(String code, String jti, boolean refreshable) {
        if (!CODE.matcher(code).matches()) {
            return new NoSuchCode();
        }
        Map<String, String> claimed = store(code).claim(digest(code), jti, refreshable, memory);
        String pending = claimed.get("pending");
        String first = claimed.get("jti");
        if (pending == null || first == null) {
            return new NoSuchCode();
        }
        return first.equals(jti)
                ? new Claimed(read(pending))
                : new ClaimedBefore(read(pending), first, "1".equals(claimed.get("family")));
    }

    private static Pending read(String json) {
        return StoredGrant.read(json, StoredPending.class).pending();
    }

    private static String digest(String code) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(code.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
