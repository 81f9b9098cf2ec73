package dev.gatehouse.server.backchannel;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.keys.TokenSigner;
import dev.gatehouse.server.oauth.Issuer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.Map;

/** Logout tokens, OpenID Connect Back-Channel Logout 1.0 section 2.4. Each try gets a new one; none is ever stored. */
final class LogoutTokens {
    static final JOSEObjectType TYPE = new JOSEObjectType("logout+jwt");

    static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    private static final Duration LIFETIME = Duration.ofMinutes(2);

    private static final int ID_BYTES = 16;

    private final Issuer issuer;

    private final TokenSigner signer;

    private final InstantSource clock;

    private final SecureRandom random;

    LogoutTokens(Issuer issuer, TokenSigner signer, InstantSource clock, SecureRandom random) {
        this.issuer = issuer;
        this.signer = signer;
        this.clock = clock;
        this.random = random;
    }

    /** Signed by what the client's ID tokens are signed by. */
    String issue(Client client, String subject, String sid) {
        Instant now = clock.instant();
        SigningAlgorithm algorithm = client.idTokenAlgorithm();
        return signer.sign(
                algorithm == null ? signer.standard() : algorithm,
                TYPE,
                new JWTClaimsSet.Builder()
                        .issuer(issuer.value())
                        .audience(client.id())
                        .subject(subject)
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(LIFETIME)))
                        .jwtID(newId())
                        .claim("sid", sid)
                        .claim("events", Map.of(EVENT, Map.of()))
                        .build()
                        .toJSONObject());
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
