package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {

    private static final TestClock clock = new TestClock();
    private static final ScriptedIssuer issuer = new ScriptedIssuer(clock);
    private static final RSAKey key = TestKeys.rs256("first");
    private static final TokenVerifier verifier =
            issuer.verifier().clock(clock, clock::nanos).start();
    private static final long SKEW = 30;

    @BeforeAll
    static void ready() throws InterruptedException {
        assertThat(verifier.awaitReady(Duration.ofSeconds(60))).isTrue();
    }

    @AfterAll
    static void stop() {
        verifier.close();
        issuer.close();
    }

    private static @Nullable Refusal outcome(@Nullable String token) {
        return outcome(verifier, token);
    }

    private static @Nullable Refusal outcome(TokenVerifier by, @Nullable String token) {
        return by.verify(token) instanceof Verification.Refused refused ? refused.reason() : null;
    }

    private static void assertAccepted(TokenDraft draft) {
        assertThat(outcome(draft.signed())).isNull();
    }

    private static void assertRefused(TokenDraft draft, Refusal reason) {
        assertThat(outcome(draft.signed())).isEqualTo(reason);
    }

    @Test
    void aGoodTokenIsAcceptedAndTellsWhoItSpeaksFor() {
        long before = verifier.accepted();
        Verification outcome = verifier.verify(
                issuer.token().with("roles", List.of("clerk", "auditor")).signed());
        assertThat(outcome).isInstanceOfSatisfying(Verification.Verified.class, verified -> {
            VerifiedToken token = verified.token();
            assertThat(token.subject()).isEqualTo("person");
            assertThat(token.clientId()).isEqualTo("web");
            assertThat(token.id()).isEqualTo("token");
            assertThat(token.scopes()).containsExactlyInAnyOrder("openid", "orders.read");
            assertThat(token.roles()).containsExactly("clerk", "auditor");
            assertThat(token.expiresAt().getEpochSecond()).isEqualTo(clock.second() + 300);
            assertThat(token.claim("sid")).isEqualTo("session");
            assertThat(token.header()).containsEntry("kid", "first");
        });
        assertThat(verifier.accepted()).isEqualTo(before + 1);
    }

    @Test
    void aRefusalIsCountedByItsReason() {
        long before = verifier.refused(Refusal.AUDIENCE);
        assertRefused(issuer.token().with("aud", "https://other.example"), Refusal.AUDIENCE);
        assertThat(verifier.refused(Refusal.AUDIENCE)).isEqualTo(before + 1);
    }

    // Algorithms and keys

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE"})
    void anUnsignedTokenIsRefused(String none) {
        String content = issuer.token().header("alg", none).content();
        assertThat(outcome(content + ".")).isIn(Refusal.ALGORITHM, Refusal.MALFORMED);
        assertThat(outcome(content + "." + signatureOf(issuer.token().signed())))
                .isIn(Refusal.ALGORITHM, Refusal.MALFORMED);
    }

    @Test
    void thePublicKeyIsNoSharedSecret() throws Exception {
        String content = issuer.token().header("alg", "HS256").content();
        for (byte[] secret : List.of(
                key.toRSAPublicKey().getEncoded(),
                pem(key).getBytes(StandardCharsets.US_ASCII),
                (pem(key) + "\n").getBytes(StandardCharsets.US_ASCII),
                key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8),
                key.getModulus().decode())) {
            assertThat(outcome(content + "." + hmac(secret, content))).isEqualTo(Refusal.ALGORITHM);
        }
    }

    private static String pem(RSAKey key) throws Exception {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(key.toRSAPublicKey().getEncoded())
                + "\n-----END PUBLIC KEY-----";
    }

    private static Base64URL hmac(byte[] secret, String content) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return Base64URL.encode(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void anAlgorithmThatIsNotAllowedIsRefusedThoughTheKeyFits() {
        assertThat(outcome(issuer.token().header("alg", "RS384").signed("SHA384withRSA")))
                .isEqualTo(Refusal.ALGORITHM);
        assertThat(outcome(issuer.token().header("alg", "RS512").signed("SHA512withRSA")))
                .isEqualTo(Refusal.ALGORITHM);
    }

    @Test
    void theAlgorithmOfTheHeaderIsTheOneThatSigned() {
        assertThat(outcome(issuer.token().signed("SHA384withRSA"))).isEqualTo(Refusal.SIGNATURE);
    }

    @Test
    void aKeyPublishedForOneAlgorithmServesNoOther() throws Exception {
        try (TokenVerifier both = issuer.verifier()
                .algorithms("RS256", "RS384")
                .clock(clock, clock::nanos)
                .start()) {
            assertThat(both.awaitReady(Duration.ofSeconds(60))).isTrue();
            assertThat(outcome(both, issuer.token().signed())).isNull();
            assertThat(outcome(both, issuer.token().header("alg", "RS384").signed("SHA384withRSA")))
                    .isEqualTo(Refusal.ALGORITHM);
        }
    }

    @Test
    void aKeyThatTheHeaderBringsAlongIsNotLookedAt() {
        RSAKey own = TestKeys.rs256("the thief's own");
        Map<String, Object> jwk = own.toPublicJWK().toJSONObject();
        assertRefused(issuer.token().forgedWith(own).header("jwk", jwk), Refusal.SIGNATURE);
        assertRefused(
                issuer.token().forgedWith(own).header("kid", own.getKeyID()).header("jwk", jwk), Refusal.UNKNOWN_KEY);
        for (String name : List.of("jku", "x5u")) {
            assertRefused(
                    issuer.token().forgedWith(own).header(name, issuer.address() + "/thief" + name), Refusal.SIGNATURE);
            assertThat(issuer.requests("/thief" + name)).isZero();
        }
    }

    @Test
    void aTokenWithoutAKeyIdOrWithAHugeOneIsRefused() {
        assertRefused(issuer.token().withoutHeader("kid"), Refusal.UNKNOWN_KEY);
        assertRefused(issuer.token().header("kid", ""), Refusal.UNKNOWN_KEY);
        assertRefused(issuer.token().header("kid", "k".repeat(300)), Refusal.UNKNOWN_KEY);
        assertRefused(issuer.token().header("kid", "../../etc/passwd"), Refusal.UNKNOWN_KEY);
    }

    @Test
    void aForgedSignatureIsRefused() {
        assertRefused(issuer.token().forgedWith(TestKeys.rs256("the thief's own")), Refusal.SIGNATURE);
        String good = issuer.token().signed();
        String content = good.substring(0, good.lastIndexOf('.') + 1);
        assertThat(outcome(content)).isEqualTo(Refusal.SIGNATURE);
        assertThat(outcome(content + Base64URL.encode(new byte[256]))).isEqualTo(Refusal.SIGNATURE);
        assertThat(outcome(issuer.token().with("sub", "another").content() + "." + signatureOf(good)))
                .isEqualTo(Refusal.SIGNATURE);
    }

    private static String signatureOf(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    // The kind of token

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "jwt", "logout+jwt", "dpop+jwt", "at+jwt ", "application/jwt", ""})
    void anotherKindOfTokenIsRefused(String type) {
        assertRefused(issuer.token().header("typ", type), Refusal.TYPE);
    }

    @Test
    void anIdTokenIsRefused() {
        assertRefused(
                issuer.token().withoutHeader("typ").without("client_id", "jti").with("nonce", "n"), Refusal.TYPE);
        assertRefused(issuer.token().withoutHeader("typ"), Refusal.TYPE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"at+jwt", "AT+JWT", "application/at+jwt"})
    void theTypeOfAnAccessTokenMayBeWrittenInThreeWays(String type) {
        assertAccepted(issuer.token().header("typ", type));
    }

    @Test
    void anExtensionThatIsNotUnderstoodIsRefused() {
        assertRefused(issuer.token().header("crit", List.of("exp")).header("exp", 1), Refusal.CRITICAL_HEADER);
        assertRefused(issuer.token().header("crit", List.of("b64")).header("b64", true), Refusal.CRITICAL_HEADER);
        assertRefused(issuer.token().header("b64", false), Refusal.CRITICAL_HEADER);
        assertThat(outcome(issuer.token().header("crit", List.of()).signed()))
                .isIn(Refusal.CRITICAL_HEADER, Refusal.MALFORMED);
    }

    // Claims

    @Test
    void anotherIssuerIsRefused() {
        assertRefused(issuer.token().with("iss", "https://issuer.example"), Refusal.ISSUER);
        assertRefused(issuer.token().with("iss", issuer.address() + "/"), Refusal.ISSUER);
        assertRefused(issuer.token().with("iss", List.of(issuer.address())), Refusal.ISSUER);
    }

    @Test
    void anotherAudienceIsRefused() {
        assertRefused(issuer.token().with("aud", "https://other.example"), Refusal.AUDIENCE);
        assertRefused(issuer.token().with("aud", List.of("https://other.example", "x")), Refusal.AUDIENCE);
        assertRefused(issuer.token().with("aud", List.of()), Refusal.AUDIENCE);
        assertRefused(issuer.token().with("aud", ScriptedIssuer.AUDIENCE + "/"), Refusal.AUDIENCE);
        assertRefused(issuer.token().with("aud", Map.of(ScriptedIssuer.AUDIENCE, 1)), Refusal.AUDIENCE);
    }

    @Test
    void theAudienceMayBeOneOfSeveralOrATextAlone() {
        assertAccepted(issuer.token().with("aud", List.of("https://other.example", ScriptedIssuer.AUDIENCE)));
        assertAccepted(issuer.token().with("aud", ScriptedIssuer.AUDIENCE));
    }

    @Test
    void aTokenExpiresWhenTheSkewHasPassedAndNoSecondLater() {
        assertAccepted(issuer.token().with("iat", clock.second() - 300).with("exp", clock.second() - SKEW + 1));
        assertRefused(
                issuer.token().with("iat", clock.second() - 300).with("exp", clock.second() - SKEW), Refusal.EXPIRED);
    }

    @Test
    void aTokenBeginsWhenTheSkewAllowsAndNoSecondEarlier() {
        assertAccepted(issuer.token().with("nbf", clock.second() + SKEW));
        assertRefused(issuer.token().with("nbf", clock.second() + SKEW + 1), Refusal.NOT_YET_VALID);
        assertAccepted(issuer.token().with("iat", clock.second() + SKEW));
        assertRefused(issuer.token().with("iat", clock.second() + SKEW + 1), Refusal.NOT_YET_VALID);
    }

    @ParameterizedTest
    @CsvSource({
        "iss, ISSUER",
        "aud, AUDIENCE",
        "exp, MALFORMED",
        "iat, MALFORMED",
        "sub, MALFORMED",
        "client_id, MALFORMED",
        "jti, MALFORMED"
    })
    void aClaimThatEveryAccessTokenHasMayNotBeMissingNorNullNorAnObject(String name, Refusal reason) {
        assertRefused(issuer.token().without(name), reason);
        assertRefused(issuer.token().with(name, null), reason);
        assertRefused(issuer.token().with(name, Map.of("a", "b")), reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "client_id", "jti"})
    void anEmptyIdIsRefused(String name) {
        assertRefused(issuer.token().with(name, ""), Refusal.MALFORMED);
    }

    @Test
    void aTimeThatIsNoTimeIsRefused() {
        assertRefused(issuer.token().with("exp", "4000000000"), Refusal.MALFORMED);
        assertRefused(issuer.token().with("exp", 1e300), Refusal.MALFORMED);
        assertRefused(issuer.token().with("exp", Long.MAX_VALUE), Refusal.MALFORMED);
        assertRefused(issuer.token().with("iat", Long.MIN_VALUE), Refusal.MALFORMED);
        assertRefused(issuer.token().with("nbf", -1e300), Refusal.MALFORMED);
        assertRefused(issuer.token().with("nbf", "soon"), Refusal.MALFORMED);
    }

    @Test
    void aTokenThatEndsBeforeItBeginsIsRefused() {
        assertRefused(issuer.token().with("exp", clock.second()).with("iat", clock.second() + 1), Refusal.MALFORMED);
        assertRefused(issuer.token().with("exp", clock.second()).with("iat", clock.second()), Refusal.MALFORMED);
    }

    @Test
    void whatRevocationRulesLookAtMustBeReadable() {
        for (String name : List.of("grant_id", "sid")) {
            assertRefused(issuer.token().with(name, 1), Refusal.MALFORMED);
            assertRefused(issuer.token().with(name, List.of("a")), Refusal.MALFORMED);
        }
        Map<String, Object> origin = Map.of("jti", "a", "client_id", "b", "kid", "c");
        assertAccepted(issuer.token().with("origin", List.of(origin)));
        assertAccepted(issuer.token().with("origin", List.of()));
        assertRefused(issuer.token().with("origin", "a"), Refusal.MALFORMED);
        assertRefused(issuer.token().with("origin", List.of("a")), Refusal.MALFORMED);
        assertRefused(issuer.token().with("origin", List.of(origin, "a")), Refusal.MALFORMED);
        assertRefused(issuer.token().with("origin", Arrays.asList(origin, null)), Refusal.MALFORMED);
        assertRefused(issuer.token().with("origin", List.of(Map.of("jti", 1))), Refusal.MALFORMED);
    }

    // Texts

    @Test
    void aTokenIsRefusedUnreadWhenItIsTooLong() {
        String good = issuer.token().with("padding", "x".repeat(12_000)).signed();
        assertThat(good.length()).isGreaterThan(16 * 1024);
        assertThat(outcome(good)).isEqualTo(Refusal.OVERSIZED);
        assertThat(outcome("a".repeat(10_000_000))).isEqualTo(Refusal.OVERSIZED);
        assertThat(outcome(issuer.token().with("padding", "x".repeat(11_000)).signed()))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..",
                "...",
                "....",
                "a.b",
                "a.b.c",
                "a.b.c.d.e",
                "e30.e30.",
                "e30.e30.e30",
                "bnVsbA.bnVsbA.bnVsbA",
                "W10.W10.W10",
                "é.é.é",
                "\u0000.\u0000.\u0000"
            })
    void whatIsNoTokenIsRefused(String text) {
        assertThat(outcome(text)).isEqualTo(Refusal.MALFORMED);
    }

    @Test
    void noTokenIsRefused() {
        assertThat(outcome(null)).isEqualTo(Refusal.MALFORMED);
    }

    @Test
    void aTokenHasOneTextOnly() {
        String good = issuer.token().signed();
        assertThat(outcome(good)).isNull();
        for (String other : List.of(
                good + "=", good + " ", " " + good, good + "\n", good + ".", good + "A", good.replace(".", ". "))) {
            assertThat(outcome(other)).as(other).isNotNull();
        }
        char last = good.charAt(good.length() - 1);
        assertThat(outcome(good.substring(0, good.length() - 1) + (char) (last + 1)))
                .isNotNull();
    }

    @Test
    void noneOfTenThousandMutationsIsAcceptedOrThrows() {
        Random random = new Random(20261123);
        String good = issuer.token().signed();
        for (int i = 0; i < 10_000; i++) {
            String mutated = mutate(good, random);
            if (!mutated.equals(good)) {
                assertThat(outcome(mutated)).as(mutated).isNotNull();
            }
        }
        assertThat(outcome(good)).isNull();
    }

    private static String mutate(String token, Random random) {
        StringBuilder text = new StringBuilder(token);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && !text.isEmpty(); i++) {
            int at = random.nextInt(text.length());
            int to = at + random.nextInt(text.length() - at + 1);
            switch (random.nextInt(7)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(0x180));
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.insert(at, (char) (32 + random.nextInt(95)));
                case 3 -> text.delete(at, to);
                case 4 -> text.insert(at, text.substring(at, to));
                case 5 -> text.setCharAt(at, text.charAt(random.nextInt(text.length())));
                default -> text.setCharAt(at, (char) (text.charAt(at) ^ (1 << random.nextInt(7))));
            }
        }
        return text.toString();
    }

    @Test
    void noHeaderMakesTheVerifierThrow() {
        Random random = new Random(42);
        List<String> names = List.of(
                "alg",
                "typ",
                "kid",
                "crit",
                "b64",
                "cty",
                "jwk",
                "jku",
                "x5u",
                "x5c",
                "x5t",
                "x5t#S256",
                "enc",
                "zip",
                "p2c",
                "p2s",
                "epk",
                "apu");
        for (int i = 0; i < 10_000; i++) {
            Map<String, @Nullable Object> header = new LinkedHashMap<>();
            header.put("alg", "RS256");
            header.put("typ", "at+jwt");
            header.put("kid", "first");
            header.put(names.get(random.nextInt(names.size())), oddity(random, 3));
            String token = Base64URL.encode(JSONObjectUtils.toJSONString(header)) + "."
                    + signedRest(issuer.token().content());
            assertThat(outcome(token)).isNotNull();
        }
    }

    private static String signedRest(String content) {
        return content.substring(content.indexOf('.') + 1) + "." + Base64URL.encode(new byte[256]);
    }

    @Test
    void noClaimMakesTheVerifierThrow() {
        Random random = new Random(43);
        List<String> names = List.of(
                "iss",
                "aud",
                "sub",
                "client_id",
                "jti",
                "grant_id",
                "sid",
                "scope",
                "roles",
                "rev",
                "iat",
                "exp",
                "nbf",
                "origin",
                "act",
                "auth_time");
        for (int i = 0; i < 1_000; i++) {
            String token = issuer.token()
                    .with(names.get(random.nextInt(names.size())), oddity(random, 3))
                    .signed();
            if (verifier.verify(token) instanceof Verification.Verified verified) {
                assertThat(verified.token().scopes()).isNotNull();
                assertThat(verified.token().roles()).isNotNull();
                assertThat(verified.token().expiresAt()).isNotNull();
            }
        }
    }

    private static @Nullable Object oddity(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 8 : 10)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong();
            case 3 -> random.nextDouble() * 1e300;
            case 4 -> "";
            case 5 -> "text " + (char) random.nextInt(0x3000);
            case 6 -> -1;
            case 7 -> "https://thief.example/";
            case 8 -> Arrays.asList(oddity(random, depth - 1), oddity(random, depth - 1));
            default -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                object.put(random.nextBoolean() ? "kty" : "jti", oddity(random, depth - 1));
                object.put("kid", oddity(random, depth - 1));
                yield object;
            }
        };
    }
}
