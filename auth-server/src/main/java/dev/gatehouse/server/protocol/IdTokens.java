package dev.gatehouse.server.protocol;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.keys.TokenSigner;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.token.Grant;
import dev.gatehouse.server.token.TokenProperties;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** ID tokens, OpenID Connect Core section 2: what a client learns of a login. Issued here, and read as hints. */
@Component
final class IdTokens {
    /** A hint may have expired, but not any time ago. */
    private static final Duration HINT_LIFETIME = Duration.ofDays(90);

    private static final int MAX_LENGTH = 16 * 1024;

    private final Issuer issuer;

    private final TokenSigner signer;

    private final InstantSource clock;

    IdTokens(Issuer issuer, TokenSigner signer, InstantSource clock) {
        this.issuer = issuer;
        this.signer = signer;
        this.clock = clock;
    }

    /** Whom an ID token of ours was about, and which client it was for. */
    record Hint(String subject, @Nullable String sid, String clientId) {}

    Secret issue(Client client, Grant grant, Instant issuedAt, @Nullable String accessToken) {
        SigningAlgorithm algorithm = client.idTokenAlgorithm();
        return new Secret(signer.sign(
                algorithm == null ? signer.standard() : algorithm,
                JOSEObjectType.JWT,
                claims(client, grant, issuedAt, accessToken).toJSONObject()));
    }

    private JWTClaimsSet claims(Client client, Grant grant, Instant issuedAt, @Nullable String accessToken) {
        return new JWTClaimsSet.Builder()
                .issuer(issuer.value())
                .subject(grant.accountId())
                .audience(client.id())
                .claim("azp", client.id())
                .issueTime(Date.from(issuedAt))
                .expirationTime(Date.from(issuedAt.plus(TokenProperties.ID_TOKEN_LIFETIME)))
                .claim("auth_time", grant.authTime().getEpochSecond())
                .claim("nonce", grant.nonce())
                .claim("acr", grant.acr())
                .claim("amr", grant.amr())
                .claim("sid", grant.sid())
                .claim("at_hash", accessToken == null ? null : leftHalfOfDigest(accessToken))
                .build();
    }

    /** OpenID Connect Core section 3.1.3.6. */
    private static String leftHalfOfDigest(String accessToken) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(accessToken.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, digest.length / 2));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }

    /**
     * What an {@code id_token_hint} says, when it is an ID token of ours, expired or not. The type keeps access tokens out,
     * which are signed by the same keys.
     */
    Optional<Hint> readHint(String idToken) {
        if (idToken.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        return signer.read(idToken, JOSEObjectType.JWT).flatMap(this::hint);
    }

    private Optional<Hint> hint(JWSObject token) {
        try {
            return hint(JWTClaimsSet.parse(token.getPayload().toString()));
        } catch (ParseException e) {
            return Optional.empty();
        }
    }

    private Optional<Hint> hint(JWTClaimsSet claims) throws ParseException {
        if (!issuer.value().equals(claims.getIssuer())
                || claims.getSubject() == null
                || claims.getAudience().size() != 1
                || claims.getExpirationTime() == null
                || claims.getExpirationTime().toInstant().plus(HINT_LIFETIME).isBefore(clock.instant())) {
            return Optional.empty();
        }
        return Optional.of(new Hint(
                claims.getSubject(),
                claims.getStringClaim("sid"),
                claims.getAudience().getFirst()));
    }
}
