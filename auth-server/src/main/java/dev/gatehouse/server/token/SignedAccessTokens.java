package dev.gatehouse.server.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import dev.gatehouse.server.keys.SigningKeys;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
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
import org.jspecify.annotations.Nullable;

/** Access tokens as RFC 9068 JWTs, signed with RS256 by the active key. */
final class SignedAccessTokens implements AccessTokens {
    private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");

    private static final int MAX_LENGTH = 16 * 1024;

    private final Issuer issuer;

    private final SigningKeys keys;

    private final RevocationPosition position;

    private final TokenProperties properties;

    private final InstantSource clock;

    private final RandomIds ids;

    private volatile @Nullable Signer signer;

    SignedAccessTokens(
            Issuer issuer,
            SigningKeys keys,
            RevocationPosition position,
            TokenProperties properties,
            InstantSource clock,
            SecureRandom random) {
        this.issuer = issuer;
        this.keys = keys;
        this.position = position;
        this.properties = properties;
        this.clock = clock;
        this.ids = new RandomIds(random);
    }

    /** The active key, ready to sign. */
    private record Signer(JWSHeader header, RSASSASigner signer) {}

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
        return new AccessToken(new Secret(sign(claims)), request.jti(), issuedAt, expiresAt, request.scopes(), claims);
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

    private String sign(Map<String, Object> claims) {
        Signer present = signer();
        JWSObject jws = new JWSObject(present.header(), new Payload(claims));
        try {
            jws.sign(present.signer());
        } catch (JOSEException e) {
            throw new IllegalStateException("the active key cannot sign", e);
        }
        return jws.serialize();
    }

    private Signer signer() {
        RSAKey active = keys.active();
        Signer present = signer;
        if (present == null || !present.header().getKeyID().equals(active.getKeyID())) {
            try {
                JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(TYPE)
                        .keyID(active.getKeyID())
                        .build();
                present = new Signer(header, new RSASSASigner(active));
            } catch (JOSEException e) {
                throw new IllegalStateException("the active key cannot sign", e);
            }
            signer = present;
        }
        return present;
    }

    @Override
    public Optional<AccessTokenClaims> read(String token) {
        if (token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            JWSObject jws = JWSObject.parse(token);
            return isOurs(jws) ? AccessTokenReader.read(jws).filter(this::isValidNow) : Optional.empty();
        } catch (ParseException | JOSEException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private boolean isOurs(JWSObject jws) throws JOSEException {
        JWSHeader header = jws.getHeader();
        if (!JWSAlgorithm.RS256.equals(header.getAlgorithm())
                || !TYPE.equals(header.getType())
                || header.getKeyID() == null) {
            return false;
        }
        JWK key = keys.published().getKeyByKeyId(header.getKeyID());
        return key instanceof RSAKey rsa && jws.verify(new RSASSAVerifier(rsa));
    }

    private boolean isValidNow(AccessTokenClaims claims) {
        return issuer.value().equals(claims.all().get("iss")) && clock.instant().isBefore(claims.expiresAt());
    }
}
