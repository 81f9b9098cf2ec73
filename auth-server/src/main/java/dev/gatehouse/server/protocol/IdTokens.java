package dev.gatehouse.server.protocol;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.keys.SigningKeys;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.token.Grant;
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
    private static final Duration LIFETIME = Duration.ofMinutes(5);

    /** A hint may have expired, but not any time ago. */
    private static final Duration HINT_LIFETIME = Duration.ofDays(90);

    private static final int MAX_LENGTH = 16 * 1024;

    private final Issuer issuer;

    private final SigningKeys keys;

    private final InstantSource clock;

    IdTokens(Issuer issuer, SigningKeys keys, InstantSource clock) {
        this.issuer = issuer;
        this.keys = keys;
        this.clock = clock;
    }

    /** Whom an ID token of ours was about, and which client it was for. */
    record Hint(String subject, @Nullable String sid, String clientId) {}

    Secret issue(Client client, Grant grant, Instant issuedAt, @Nullable String accessToken) {
        RSAKey key = keys.active();
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(JOSEObjectType.JWT)
                .keyID(key.getKeyID())
                .build();
        SignedJWT token = new SignedJWT(header, claims(client, grant, issuedAt, accessToken));
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("the active key cannot sign", e);
        }
        return new Secret(token.serialize());
    }

    private JWTClaimsSet claims(Client client, Grant grant, Instant issuedAt, @Nullable String accessToken) {
        return new JWTClaimsSet.Builder()
                .issuer(issuer.value())
                .subject(grant.accountId())
                .audience(client.id())
                .claim("azp", client.id())
                .issueTime(Date.from(issuedAt))
                .expirationTime(Date.from(issuedAt.plus(LIFETIME)))
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

    /** What an {@code id_token_hint} says, when it is an ID token of ours, expired or not. */
    Optional<Hint> readHint(String idToken) {
        if (idToken.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            SignedJWT token = SignedJWT.parse(idToken);
            return isOurs(token) ? hint(token.getJWTClaimsSet()) : Optional.empty();
        } catch (ParseException | JOSEException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** The type keeps access tokens out, which are signed by the same keys. */
    private boolean isOurs(SignedJWT token) throws JOSEException {
        JWSHeader header = token.getHeader();
        return JWSAlgorithm.RS256.equals(header.getAlgorithm())
                && JOSEObjectType.JWT.equals(header.getType())
                && header.getKeyID() != null
                && keys.published().getKeyByKeyId(header.getKeyID()) instanceof RSAKey key
                && token.verify(new RSASSAVerifier(key));
    }

    private Optional<Hint> hint(@Nullable JWTClaimsSet claims) throws ParseException {
        if (claims == null
                || !issuer.value().equals(claims.getIssuer())
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
