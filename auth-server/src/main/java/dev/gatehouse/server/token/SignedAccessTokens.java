package dev.gatehouse.server.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSObject;
import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.keys.TokenSigner;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.oauth.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Access tokens as RFC 9068 JWTs, signed by the active key of the algorithm that their API wants. */
final class SignedAccessTokens implements AccessTokens {
    private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");

    private static final int MAX_LENGTH = 16 * 1024;

    private static final int MOST_REMEMBERED = 4_000;

    private final Issuer issuer;

    private final TokenSigner signer;

    private final RevocationPosition position;

    private final TokenProperties properties;

    private final InstantSource clock;

    private final RandomIds ids;

    /**
     * The claims of tokens that were found well signed, by the SHA-256 of the token, so that none lies in memory. What can change
     * is asked at each reading: whether it has expired and whether its key is still ours. Whether it is revoked was never asked here.
     */
    private final Cache<ByteBuffer, AccessTokenClaims> wellSigned =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

    SignedAccessTokens(
            Issuer issuer,
            TokenSigner signer,
            RevocationPosition position,
            TokenProperties properties,
            InstantSource clock,
            SecureRandom random) {
        this.issuer = issuer;
        this.signer = signer;
        this.position = position;
        this.properties = properties;
        this.clock = clock;
        this.ids = new RandomIds(random);
    }

    @Override
    public String newJti() {
        return ids.next();
    }

    @Override
    public String jtiBeside(Secret refreshToken, String audience, Scopes scopes) {
        byte[] text = (audience + "\n" + scopes).getBytes(StandardCharsets.UTF_8);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(refreshToken.value().getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(mac.doFinal(text), 16));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public IssueMoment now() {
        return new IssueMoment(clock.instant(), position.current());
    }

    @Override
    public AccessToken issue(AccessTokenRequest request) {
        Instant issuedAt = Instant.ofEpochSecond(request.moment().at().getEpochSecond());
        Instant expiresAt = issuedAt.plus(properties.accessTokenLifetime());
        AccessTokenClaims subject = request.exchangedFrom();
        if (subject != null && subject.expiresAt().isBefore(expiresAt)) {
            expiresAt = subject.expiresAt();
        }
        Map<String, Object> claims = claims(request, issuedAt, expiresAt);
        return new AccessToken(
                new Secret(signed(request, claims)), request.jti(), issuedAt, expiresAt, request.scopes(), claims);
    }

    private Map<String, Object> claims(AccessTokenRequest request, Instant issuedAt, Instant expiresAt) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer.value());
        claims.put("sub", request.subject());
        claims.put("aud", request.audience());
        claims.put("client_id", request.clientId());
        claims.put("scope", request.scopes().toString());
        claims.put("iat", issuedAt.getEpochSecond());
        claims.put("exp", expiresAt.getEpochSecond());
        claims.put("jti", request.jti());
        if (request.person() != null) {
            putPerson(claims, request.person());
        }
        if (request.grantId() != null) {
            claims.put("grant_id", request.grantId());
        }
        AccessTokenClaims subject = request.exchangedFrom();
        claims.put("rev", subject == null ? request.moment().position() : subject.issuedAtPosition());
        if (subject != null) {
            claims.put("act", actor(request.clientId(), subject));
            claims.put("origin", origins(subject));
        }
        return claims;
    }

    private static void putPerson(Map<String, Object> claims, Person person) {
        if (person.sid() != null) {
            claims.put("sid", person.sid());
        }
        claims.put("auth_time", person.authTime().getEpochSecond());
        claims.put("acr", person.acr());
        claims.put("amr", person.amr());
        claims.put("roles", person.roles());
    }

    /** RFC 8693 section 4.1: who acts now, and inside it who acted before. */
    private static Map<String, Object> actor(String clientId, AccessTokenClaims subject) {
        Map<String, Object> actor = new LinkedHashMap<>();
        actor.put("sub", clientId);
        Object before = subject.all().get("act");
        if (before != null) {
            actor.put("act", before);
        }
        return actor;
    }

    private static List<Map<String, Object>> origins(AccessTokenClaims subject) {
        List<Map<String, Object>> origins = new ArrayList<>();
        origins.add(origin(subject.jti(), subject.clientId(), subject.kid()));
        subject.origin().forEach(o -> origins.add(origin(o.jti(), o.clientId(), o.kid())));
        return origins;
    }

    private static Map<String, Object> origin(String jti, String clientId, String kid) {
        return Map.of("jti", jti, "client_id", clientId, "kid", kid);
    }

    private String signed(AccessTokenRequest request, Map<String, Object> claims) {
        SigningAlgorithm algorithm = request.algorithm();
        return signer.sign(algorithm == null ? signer.standard() : algorithm, TYPE, claims);
    }

    @Override
    public Optional<AccessTokenClaims> read(String token) {
        if (token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        ByteBuffer digest = sha256(token);
        AccessTokenClaims held = wellSigned.getIfPresent(digest);
        if (held != null) {
            return Optional.of(held).filter(this::isValidNow);
        }
        Optional<AccessTokenClaims> read =
                signer.read(token, TYPE).flatMap(SignedAccessTokens::claims).filter(this::isValidNow);
        read.ifPresent(claims -> wellSigned.put(digest, claims));
        return read;
    }

    private static ByteBuffer sha256(String token) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<AccessTokenClaims> claims(JWSObject token) {
        try {
            return AccessTokenReader.read(token);
        } catch (ParseException | RuntimeException e) { // claims of other types than ours
            return Optional.empty();
        }
    }

    private boolean isValidNow(AccessTokenClaims claims) {
        return issuer.value().equals(claims.all().get("iss"))
                && clock.instant().isBefore(claims.expiresAt())
                && signer.knows(claims.kid());
    }
}
