package dev.gatehouse.server.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.PlainHeader;
import com.nimbusds.jose.PlainObject;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.gatehouse.server.keys.ChosenKeys;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.token.AccessTokenClaims.Origin;
import dev.gatehouse.server.token.TokenProperties.ReuseEnds;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokensTest {
    private static final RSAKey FIRST = key();

    private static final RSAKey SECOND = key();

    private static final RSAKey STRANGE = key();

    private static final String ORDERS = "http://localhost:8081";

    private static final String INVENTORY = "http://localhost:8082";

    private static final Issuer ISSUER = new Issuer("http://localhost:9000");

    private final ChosenKeys keys = new ChosenKeys(FIRST, SECOND);

    private Instant now = Instant.parse("2026-11-23T10:00:00.750Z");

    private String position = "1763900000000-42";

    private final SignedAccessTokens tokens = tokens(ISSUER);

    private SignedAccessTokens tokens(Issuer issuer) {
        TokenProperties properties = new TokenProperties(
                Duration.ofMinutes(5),
                Duration.ofSeconds(60),
                Duration.ofDays(14),
                Duration.ofDays(90),
                Duration.ofSeconds(10),
                ReuseEnds.EVERY_LOGIN);
        return new SignedAccessTokens(issuer, keys.signer(), () -> position, properties, () -> now, new SecureRandom());
    }

    private static RSAKey key() {
        try {
            return new RSAKeyGenerator(2048)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final Person ALICE = new Person(
            "sid-1",
            Instant.parse("2026-11-23T09:00:00Z"),
            "urn:gatehouse:acr:password",
            List.of("pwd", "otp"),
            List.of("user"));

    private AccessTokenRequest forAlice(String jti) {
        return new AccessTokenRequest(
                jti,
                tokens.now(),
                "alice-id",
                "web",
                ORDERS,
                Scopes.of("openid", "orders.read"),
                null,
                ALICE,
                "grant-1",
                null);
    }

    private AccessTokenRequest forClient(String jti) {
        return new AccessTokenRequest(
                jti, tokens.now(), "load", "load", INVENTORY, Scopes.of("inventory.read"), null, null, null, null);
    }

    private AccessTokenRequest exchange(String jti, String clientId, String audience, AccessTokenClaims subject) {
        return new AccessTokenRequest(
                jti,
                tokens.now(),
                subject.subject(),
                clientId,
                audience,
                Scopes.of("inventory.write"),
                null,
                ALICE,
                "grant-1",
                subject);
    }

    private AccessTokenClaims read(AccessToken token) {
        return tokens.read(token.value().value()).orElseThrow();
    }

    private static JWSObject parse(AccessToken token) {
        try {
            return JWSObject.parse(token.value().value());
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theHeaderIsThatOfRfc9068() throws JOSEException {
        JWSObject token = parse(tokens.issue(forAlice("jti-1")));
        assertThat(token.getHeader().toJSONObject())
                .isEqualTo(Map.of("alg", "RS256", "typ", "at+jwt", "kid", FIRST.getKeyID()));
        assertThat(token.verify(new RSASSAVerifier(FIRST.toPublicJWK()))).isTrue();
    }

    @Test
    void aPersonsTokenSaysWhoIsLoggedInAndHowAndOnWhichGrantItHangs() {
        AccessToken token = tokens.issue(forAlice("jti-1"));
        long issuedAt = Instant.parse("2026-11-23T10:00:00Z").getEpochSecond();
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("iss", "http://localhost:9000");
        expected.put("sub", "alice-id");
        expected.put("aud", ORDERS);
        expected.put("client_id", "web");
        expected.put("scope", "openid orders.read");
        expected.put("iat", issuedAt);
        expected.put("exp", issuedAt + 300);
        expected.put("jti", "jti-1");
        expected.put("sid", "sid-1");
        expected.put("auth_time", Instant.parse("2026-11-23T09:00:00Z").getEpochSecond());
        expected.put("acr", "urn:gatehouse:acr:password");
        expected.put("amr", List.of("pwd", "otp"));
        expected.put("roles", List.of("user"));
        expected.put("grant_id", "grant-1");
        expected.put("rev", "1763900000000-42");
        assertThat(parse(token).getPayload().toJSONObject()).isEqualTo(expected);
        assertThat(token.claims()).isEqualTo(expected);
        assertThat(token.issuedAt()).isEqualTo(Instant.ofEpochSecond(issuedAt));
        assertThat(token.expiresAt()).isEqualTo(Instant.ofEpochSecond(issuedAt + 300));
        assertThat(token.toString()).doesNotContain(token.value().value());
    }

    @Test
    void aClientsOwnTokenSpeaksOfNobodyElse() {
        assertThat(parse(tokens.issue(forClient("jti-1"))).getPayload().toJSONObject())
                .containsOnlyKeys("iss", "sub", "aud", "client_id", "scope", "iat", "exp", "jti", "rev")
                .containsEntry("sub", "load")
                .containsEntry("client_id", "load")
                .containsEntry("aud", INVENTORY);
    }

    @Test
    void whatIsIssuedIsRead() {
        AccessToken token = tokens.issue(forAlice("jti-1"));
        assertThat(read(token))
                .isEqualTo(new AccessTokenClaims(
                        "jti-1",
                        FIRST.getKeyID(),
                        "alice-id",
                        "web",
                        List.of(ORDERS),
                        Scopes.of("openid", "orders.read"),
                        token.issuedAt(),
                        token.expiresAt(),
                        "sid-1",
                        "grant-1",
                        "1763900000000-42",
                        List.of(),
                        parse(token).getPayload().toJSONObject()));
    }

    @Test
    void anExchangedTokenNamesTheActorsAndTheTokensThatItDescendsFrom() {
        AccessTokenClaims first = read(tokens.issue(forAlice("jti-1")));
        keys.activate(SECOND);
        AccessTokenClaims second = read(tokens.issue(exchange("jti-2", "orders", INVENTORY, first)));
        AccessTokenClaims third = read(tokens.issue(exchange("jti-3", "inventory", "http://localhost:8083", second)));
        assertThat(second.all()).containsEntry("act", Map.of("sub", "orders"));
        assertThat(second.origin()).containsExactly(new Origin("jti-1", "web", FIRST.getKeyID()));
        assertThat(third.all()).containsEntry("act", Map.of("sub", "inventory", "act", Map.of("sub", "orders")));
        assertThat(third.origin())
                .containsExactly(
                        new Origin("jti-2", "orders", SECOND.getKeyID()), new Origin("jti-1", "web", FIRST.getKeyID()));
        assertThat(third.subject()).isEqualTo("alice-id");
        assertThat(third.clientId()).isEqualTo("inventory");
    }

    @Test
    void anExchangedTokenKeepsTheRevocationPositionOfTheFirst() {
        AccessTokenClaims subject = read(tokens.issue(forAlice("jti-1")));
        position = "1763900000000-43";
        assertThat(read(tokens.issue(exchange("jti-2", "orders", INVENTORY, subject)))
                        .issuedAtPosition())
                .isEqualTo("1763900000000-42");
        assertThat(read(tokens.issue(forAlice("jti-3"))).issuedAtPosition()).isEqualTo("1763900000000-43");
    }

    @Test
    void anExchangedTokenDoesNotOutliveItsSubject() {
        AccessTokenClaims subject = read(tokens.issue(forAlice("jti-1")));
        now = now.plusSeconds(240);
        AccessToken exchanged = tokens.issue(exchange("jti-2", "orders", INVENTORY, subject));
        assertThat(exchanged.expiresAt()).isEqualTo(subject.expiresAt());
        assertThat(read(exchanged).expiresAt()).isEqualTo(subject.expiresAt());
        assertThat(tokens.issue(forAlice("jti-3")).expiresAt())
                .isEqualTo(subject.expiresAt().plusSeconds(240));
    }

    @Test
    void anExchangedTokenDoesNotOutliveAnOrdinaryOneHoweverLongItsSubjectLives() {
        AccessTokenClaims subject = read(tokens.issue(forAlice("jti-1")));
        AccessTokenClaims enduring = new AccessTokenClaims(
                subject.jti(),
                subject.kid(),
                subject.subject(),
                subject.clientId(),
                subject.audience(),
                subject.scopes(),
                subject.issuedAt(),
                subject.expiresAt().plusSeconds(3600),
                subject.sid(),
                subject.grantId(),
                subject.issuedAtPosition(),
                subject.origin(),
                subject.all());
        assertThat(tokens.issue(exchange("jti-2", "orders", INVENTORY, enduring))
                        .expiresAt())
                .isEqualTo(subject.expiresAt());
    }

    @Test
    void aTokenIsReadUntilTheSecondOfItsExpiry() {
        AccessToken token = tokens.issue(forAlice("jti-1"));
        now = token.expiresAt().minusMillis(1);
        assertThat(tokens.read(token.value().value())).isPresent();
        now = token.expiresAt();
        assertThat(tokens.read(token.value().value())).isEmpty();
    }

    @Test
    void theNewActiveKeySignsAndTheOldOnesTokensAreReadAsLongAsItIsKnown() {
        AccessToken before = tokens.issue(forAlice("jti-1"));
        keys.activate(SECOND);
        AccessToken after = tokens.issue(forAlice("jti-2"));
        assertThat(read(before).kid()).isEqualTo(FIRST.getKeyID());
        assertThat(read(after).kid()).isEqualTo(SECOND.getKeyID());
        keys.forget(FIRST);
        assertThat(tokens.read(before.value().value())).isEmpty();
        assertThat(tokens.read(after.value().value())).isPresent();
    }

    @Test
    void theSameRequestGivesTheSameTokenHoweverLateItIsAnswered() {
        AccessTokenRequest request = forAlice("jti-1");
        AccessToken token = tokens.issue(request);
        now = now.plusSeconds(9);
        position = "1763900000000-43";
        assertThat(tokens.issue(request)).isEqualTo(token);
    }

    @Test
    void theTokenBesideARefreshTokenHasTheSameNameForTheSameApiAndScopesOnly() {
        Secret refreshToken = new Secret("ghr1_one");
        Scopes scopes = Scopes.of("orders.read");
        String jti = tokens.jtiBeside(refreshToken, ORDERS, scopes);
        assertThat(Base64.getUrlDecoder().decode(jti)).hasSize(16);
        assertThat(tokens(ISSUER).jtiBeside(refreshToken, ORDERS, scopes)).isEqualTo(jti);
        assertThat(List.of(
                        tokens.jtiBeside(new Secret("ghr1_two"), ORDERS, scopes),
                        tokens.jtiBeside(refreshToken, INVENTORY, scopes),
                        tokens.jtiBeside(refreshToken, ORDERS, Scopes.of("orders.write"))))
                .doesNotContain(jti)
                .doesNotHaveDuplicates();
    }

    @Test
    void identifiersAre128RandomBits() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            String jti = tokens.newJti();
            assertThat(Base64.getUrlDecoder().decode(jti)).hasSize(16);
            assertThat(seen.add(jti)).isTrue();
        }
    }

    /** A token like {@code genuine} with other claims or another header, signed as its maker sees fit. */
    private String forge(Consumer<Map<String, Object>> change, JWSHeader header, RSAKey signer) {
        Map<String, Object> claims =
                new LinkedHashMap<>(tokens.issue(forAlice("jti-1")).claims());
        change.accept(claims);
        return sign(new JWSObject(header, new Payload(claims)), signer);
    }

    private static String sign(JWSObject token, RSAKey signer) {
        try {
            token.sign(new RSASSASigner(signer));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JWSHeader header(@Nullable String type, @Nullable String kid) {
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid);
        return header.type(type == null ? null : new JOSEObjectType(type)).build();
    }

    private static JWSHeader ours() {
        return header("at+jwt", FIRST.getKeyID());
    }

    private static void asIs(Map<String, Object> claims) {
        assertThat(claims).isNotEmpty();
    }

    @Test
    void aForgedTokenIsRefusedForItsForgeryAlone() {
        assertThat(tokens.read(forge(AccessTokensTest::asIs, ours(), FIRST))).isPresent();
    }

    @Test
    void aTokenWithoutASignatureIsRefused() {
        AccessToken genuine = tokens.issue(forAlice("jti-1"));
        PlainHeader none = new PlainHeader.Builder()
                .type(new JOSEObjectType("at+jwt"))
                .customParam("kid", FIRST.getKeyID())
                .build();
        String[] parts = genuine.value().value().split("\\.", -1);
        assertThat(tokens.read(new PlainObject(none, new Payload(genuine.claims())).serialize()))
                .isEmpty();
        assertThat(tokens.read(parts[0] + "." + parts[1] + ".")).isEmpty();
        assertThat(tokens.read(parts[0] + "." + parts[1])).isEmpty();
    }

    @Test
    void aTokenSignedByHmacWithThePublicKeyIsRefused() throws JOSEException {
        Map<String, Object> claims = tokens.issue(forAlice("jti-1")).claims();
        byte[] der = FIRST.toRSAPublicKey().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END PUBLIC KEY-----\n";
        for (byte[] secret : List.of(
                der,
                pem.getBytes(StandardCharsets.US_ASCII),
                FIRST.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8))) {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .type(new JOSEObjectType("at+jwt"))
                    .keyID(FIRST.getKeyID())
                    .build();
            JWSObject forged = new JWSObject(header, new Payload(claims));
            forged.sign(new MACSigner(secret));
            assertThat(tokens.read(forged.serialize())).isEmpty();
        }
    }

    @Test
    void anotherAlgorithmIsRefusedAlsoUnderOurKey() {
        for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.RS384, JWSAlgorithm.RS512, JWSAlgorithm.PS256)) {
            JWSHeader header = new JWSHeader.Builder(algorithm)
                    .type(new JOSEObjectType("at+jwt"))
                    .keyID(FIRST.getKeyID())
                    .build();
            assertThat(tokens.read(forge(AccessTokensTest::asIs, header, FIRST)))
                    .isEmpty();
        }
    }

    @Test
    void aTokenOfAnotherTypeIsRefusedAlsoUnderOurKey() {
        assertThat(tokens.read(forge(AccessTokensTest::asIs, header("JWT", FIRST.getKeyID()), FIRST)))
                .isEmpty();
        assertThat(tokens.read(forge(AccessTokensTest::asIs, header("logout+jwt", FIRST.getKeyID()), FIRST)))
                .isEmpty();
        assertThat(tokens.read(forge(AccessTokensTest::asIs, header(null, FIRST.getKeyID()), FIRST)))
                .isEmpty();
    }

    @Test
    void aKeyThatIsUnknownOrUnnamedIsRefused() {
        assertThat(tokens.read(forge(AccessTokensTest::asIs, header("at+jwt", STRANGE.getKeyID()), STRANGE)))
                .isEmpty();
        assertThat(tokens.read(forge(AccessTokensTest::asIs, header("at+jwt", null), FIRST)))
                .isEmpty();
    }

    @Test
    void aKeyThatTheTokenBringsAlongIsNotBelieved() {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(new JOSEObjectType("at+jwt"))
                .keyID(FIRST.getKeyID())
                .jwk(STRANGE.toPublicJWK())
                .build();
        assertThat(tokens.read(forge(AccessTokensTest::asIs, header, STRANGE))).isEmpty();
    }

    @Test
    void anExtensionThatMustBeUnderstoodAndIsNotIsRefused() {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(new JOSEObjectType("at+jwt"))
                .keyID(FIRST.getKeyID())
                .criticalParams(Set.of("bound"))
                .customParam("bound", "elsewhere")
                .build();
        assertThat(tokens.read(forge(AccessTokensTest::asIs, header, FIRST))).isEmpty();
    }

    @Test
    void everyPartOfATokenIsUnderItsSignature() {
        String genuine = tokens.issue(forAlice("jti-1")).value().value();
        List<String> changed = new ArrayList<>();
        for (int i = 0; i < genuine.length(); i += 7) {
            char other = genuine.charAt(i) == 'A' ? 'B' : 'A';
            changed.add(genuine.substring(0, i) + other + genuine.substring(i + 1));
        }
        assertThat(changed).allSatisfy(token -> assertThat(tokens.read(token)).isEmpty());
    }

    @Test
    void anotherIssuersTokenIsRefusedAlsoUnderOurKey() {
        AccessToken foreign = tokens(new Issuer("http://localhost:9009")).issue(forAlice("jti-1"));
        assertThat(tokens.read(foreign.value().value())).isEmpty();
        assertThat(tokens.read(forge(claims -> claims.remove("iss"), ours(), FIRST)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jti", "sub", "exp", "iat", "client_id"})
    void aTokenThatLacksAClaimOrHasItOfAnotherKindIsRefused(String claim) {
        assertThat(tokens.read(forge(claims -> claims.remove(claim), ours(), FIRST)))
                .isEmpty();
        assertThat(tokens.read(forge(claims -> claims.put(claim, List.of("x")), ours(), FIRST)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"scope", "rev", "sid", "grant_id", "origin"})
    void aClaimThatRevocationOrScopesHangOnIsRefusedWhenItIsOfAnotherKind(String claim) {
        assertThat(tokens.read(forge(claims -> claims.put(claim, 7), ours(), FIRST)))
                .isEmpty();
    }

    @Test
    void anOriginThatIsIncompleteIsRefused() {
        for (Object origin : List.of(
                "x",
                Map.of(),
                Map.of("jti", "jti-0", "client_id", "web"),
                Map.of("jti", "jti-0", "kid", "k"),
                Map.of("client_id", "web", "kid", "k"),
                Map.of("jti", 1, "client_id", "web", "kid", "k"))) {
            assertThat(tokens.read(forge(claims -> claims.put("origin", List.of(origin)), ours(), FIRST)))
                    .as(origin.toString())
                    .isEmpty();
        }
    }

    @Test
    void aTokenThatIsTooLongIsRefusedUnread() {
        Consumer<Map<String, Object>> twelveKilobytes = claims -> claims.put("pad", "x".repeat(9_000));
        Consumer<Map<String, Object>> tooMany = claims -> claims.put("pad", "x".repeat(13_000));
        assertThat(tokens.read(forge(twelveKilobytes, ours(), FIRST))).isPresent();
        assertThat(tokens.read(forge(tooMany, ours(), FIRST))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "a.b.c",
                "e30.e30.",
                "ghr1_x",
                "eyJhbGciOiJSUzI1NiJ9..",
                "\u00e9.\u00e9.\u00e9"
            })
    void whatIsNoTokenIsRefusedQuietly(String text) {
        assertThat(tokens.read(text)).isEmpty();
    }
}
