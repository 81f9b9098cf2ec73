package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpHandler;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SigningKeysTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration COOL_DOWN = Duration.ofSeconds(30);

    private final TestClock clock = new TestClock();
    private final ScriptedIssuer issuer = new ScriptedIssuer(clock);
    private final CountDownLatch latch = new CountDownLatch(1);
    private final AtomicBoolean feedIsFresh = new AtomicBoolean();
    private final SigningKeys keys = keys(issuer);

    private SigningKeys keys(ScriptedIssuer of) {
        IssuerClient client = of.client();
        return new SigningKeys(
                of.settings(),
                of.providers(),
                new IssuerEndpoints(of.settings(), client),
                client,
                feedIsFresh::get,
                clock::nanos,
                new Random(1));
    }

    private void start() {
        keys.start();
        await().atMost(PATIENCE).until(keys::available);
    }

    @AfterEach
    void stop() {
        latch.countDown();
        keys.close();
        issuer.close();
    }

    private int requests() {
        return issuer.requests(ScriptedIssuer.JWKS);
    }

    private void awaitRequests(int atLeast) {
        await().atMost(PATIENCE).until(() -> requests() >= atLeast);
    }

    /** The issuer has a new set, and the verifier has a reason to ask for it. */
    private void refreshTo(HttpHandler answer) {
        int before = requests();
        issuer.answer(ScriptedIssuer.JWKS, answer);
        keys.expectNewKey();
        awaitRequests(before + 1);
    }

    @Test
    void fiveHundredForgedKeyIdsCauseTwoRequestsAtMost() {
        start();
        for (int i = 0; i < 500; i++) {
            assertThat(keys.find("forged " + i)).isNull();
        }
        assertThat(requests()).isEqualTo(2);
        assertThat(keys.find("first")).isNotNull();
    }

    @Test
    void fiveHundredForgedKeyIdsFromSixteenThreadsCauseTwoRequestsAtMost() throws Exception {
        start();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                String kid = "forged " + i;
                all.add(threads.submit(() -> assertThat(keys.find(kid)).isNull()));
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(requests()).isEqualTo(2);
    }

    @Test
    void whileTheIssuerIsSlowAFloodOfForgedKeyIdsHoldsAFewThreadsOnly() throws Exception {
        start();
        issuer.answer(ScriptedIssuer.JWKS, Answers.held(latch, Answers.status(503)));
        ExecutorService threads = Executors.newFixedThreadPool(40);
        try {
            CountDownLatch refusedAtOnce = new CountDownLatch(32);
            for (int i = 0; i < 40; i++) {
                String kid = "forged " + i;
                threads.execute(() -> {
                    if (keys.find(kid) == null && latch.getCount() > 0) {
                        refusedAtOnce.countDown();
                    }
                });
            }
            assertThat(refusedAtOnce.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } finally {
            latch.countDown();
            threads.shutdownNow();
        }
        assertThat(requests()).isLessThanOrEqualTo(3);
    }

    @Test
    void whenTheLastFetchHasFailedNobodyWaitsForTheNextOne() {
        start();
        issuer.answer(ScriptedIssuer.JWKS, Answers.status(503));
        assertThat(keys.find("forged")).isNull();
        issuer.answer(ScriptedIssuer.JWKS, Answers.held(latch, Answers.text(secondOnly())));
        awaitRequests(requests() + 1);
        Thread request = new Thread(() -> keys.find("second"));
        request.start();
        await().atMost(PATIENCE)
                .until(request::getState, EnumSet.of(Thread.State.TIMED_WAITING, Thread.State.TERMINATED)::contains);
        assertThat(request.getState()).isEqualTo(Thread.State.TERMINATED);
        latch.countDown();
        await().atMost(PATIENCE).until(() -> keys.find("second") != null);
    }

    private static String secondOnly() {
        return ScriptedIssuer.jwkSet(TestKeys.rs256("second").toPublicJWK());
    }

    @Test
    void forgedTokensWithForgedKeyIdsCauseTwoRequestsAtMost() throws InterruptedException {
        try (TokenVerifier verifier =
                issuer.verifier().clock(clock, clock::nanos).start()) {
            assertThat(verifier.awaitReady(PATIENCE)).isTrue();
            for (int i = 0; i < 500; i++) {
                String forged = issuer.token()
                        .key("forged " + i, TestKeys.rs256("the thief's own"))
                        .signed();
                assertThat(verifier.verify(forged)).isEqualTo(new Verification.Refused(Refusal.UNKNOWN_KEY));
            }
            assertThat(requests()).isLessThanOrEqualTo(2);
            assertThat(verifier.verify(issuer.token().signed())).isInstanceOf(Verification.Verified.class);
        }
    }

    @Test
    void whoeverMeetsAFetchUnderWayWaitsForThatOne() throws Exception {
        start();
        RSAKey second = TestKeys.rs256("second");
        issuer.answer(
                ScriptedIssuer.JWKS, Answers.held(latch, Answers.text(ScriptedIssuer.jwkSet(second.toPublicJWK()))));
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<Boolean>> found = IntStream.range(0, 16)
                    .mapToObj(i -> threads.submit(() -> keys.find("second") != null))
                    .toList();
            awaitRequests(2);
            latch.countDown();
            for (Future<Boolean> one : found) {
                assertThat(one).succeedsWithin(PATIENCE);
            }
        } finally {
            threads.shutdownNow();
        }
        await().atMost(PATIENCE).until(() -> keys.find("second") != null);
        assertThat(requests()).isEqualTo(2);
    }

    @Test
    void aKnownKeyIsFoundWithoutWaitingForAFetch() {
        start();
        refreshTo(Answers.endless(latch));
        assertThat(keys.find("first")).isNotNull();
    }

    @Test
    void aRotatedKeyIsFoundAtOnceAndAfterForgeriesOnceTheCoolDownIsOver() {
        start();
        assertThat(keys.find("forged")).isNull();
        issuer.publish(TestKeys.rs256("first"), TestKeys.rs256("second"));
        assertThat(keys.find("second")).isNull();
        clock.advance(COOL_DOWN.minusMillis(1));
        assertThat(keys.find("second")).isNull();
        assertThat(requests()).isEqualTo(2);
        clock.advance(Duration.ofMillis(1));
        assertThat(keys.find("second")).isNotNull();
        assertThat(keys.find("first")).isNotNull();
    }

    @Test
    void aKeyThatWasAskedForTooEarlyIsFoundAfterTwoCoolDowns() {
        start();
        assertThat(keys.find("second")).isNull();
        issuer.publish(TestKeys.rs256("second"));
        clock.advance(COOL_DOWN);
        assertThat(keys.find("second")).isNull();
        assertThat(requests()).isEqualTo(2);
        clock.advance(COOL_DOWN);
        assertThat(keys.find("second")).isNotNull();
    }

    @Test
    void aRuleAgainstAKeyBringsItsSuccessorWithoutWaiting() {
        start();
        assertThat(keys.find("second")).isNull();
        issuer.publish(TestKeys.rs256("second"));
        keys.expectNewKey();
        await().atMost(PATIENCE).until(() -> keys.find("second") != null);
    }

    @Test
    void aKeyThatIsNoLongerPublishedIsDropped() {
        issuer.publish(TestKeys.rs256("first"), TestKeys.rs256("second"));
        start();
        assertThat(keys.find("first")).isNotNull();
        issuer.publish(TestKeys.rs256("second"));
        keys.expectNewKey();
        await().atMost(PATIENCE).until(() -> keys.find("first") == null);
        assertThat(keys.find("second")).isNotNull();
    }

    @Test
    void theKeysHeldStayGoodWhileTheIssuerAnswersWithNonsense() {
        start();
        for (HttpHandler answer : List.of(
                Answers.status(500),
                Answers.status(302),
                Answers.status(401),
                Answers.text(""),
                Answers.text("null"),
                Answers.text("[]"),
                Answers.text("{}"),
                Answers.text("<html>not here</html>"),
                Answers.text("{\"keys\":null}"),
                Answers.text("{\"keys\":[]}"),
                Answers.text("{\"keys\":[null]}"),
                Answers.text("{\"keys\":[{\"kty\":\"RSA\"}]}"),
                Answers.text("[".repeat(100_000)),
                Answers.text("{\"keys\":[" + " ".repeat(600 * 1024) + "]}"))) {
            refreshTo(answer);
            assertThat(keys.find("first")).isNotNull();
        }
        refreshTo(Answers.text(ScriptedIssuer.jwkSet(TestKeys.rs256("second").toPublicJWK())));
        await().atMost(PATIENCE).until(() -> keys.find("second") != null);
    }

    @Test
    void newKeysAreFoundWhereTheLastMetadataSaidWhileNewMetadataCannotBeHad() {
        start();
        issuer.answer(ScriptedIssuer.METADATA, Answers.status(503));
        refreshTo(Answers.status(503));
        awaitRequests(requests() + 1);
        issuer.publish(TestKeys.rs256("second"));
        await().atMost(PATIENCE).until(() -> keys.find("second") != null);
        assertThat(issuer.requests(ScriptedIssuer.METADATA)).isGreaterThan(1);
    }

    @Test
    void theKeysHeldStayGoodWhileTheAnswerNeverEnds() {
        start();
        refreshTo(Answers.endless(latch));
        int asked = requests();
        awaitRequests(asked + 1);
        assertThat(keys.find("first")).isNotNull();
    }

    @Test
    void theKeysHeldStayGoodWhileNobodyListens() {
        start();
        issuer.close();
        keys.expectNewKey();
        assertThat(keys.find("second")).isNull();
        assertThat(keys.find("first")).isNotNull();
    }

    @Test
    void aFirstFetchThatFailsIsTriedAgain() {
        issuer.answer(ScriptedIssuer.JWKS, Answers.status(500));
        keys.start();
        awaitRequests(3);
        assertThat(keys.available()).isFalse();
        assertThat(keys.find("first")).isNull();
        issuer.publish(TestKeys.rs256("first"));
        await().atMost(PATIENCE).until(keys::available);
        assertThat(keys.find("first")).isNotNull();
    }

    @Test
    void withoutAnyKeysNoTokenCausesARequest() {
        for (int i = 0; i < 100; i++) {
            assertThat(keys.find("forged " + i)).isNull();
        }
        assertThat(requests()).isZero();
    }

    @Test
    void keysOfAnotherIssuerAreNotAskedFor() {
        try (ScriptedIssuer other = new ScriptedIssuer(clock)) {
            issuer.answer(
                    ScriptedIssuer.METADATA,
                    Answers.json(Map.of("issuer", other.address(), "jwks_uri", other.address() + ScriptedIssuer.JWKS)));
            keys.start();
            await().atMost(PATIENCE).until(() -> issuer.requests(ScriptedIssuer.METADATA) >= 2);
            assertThat(other.requests(ScriptedIssuer.JWKS)).isZero();
            assertThat(keys.available()).isFalse();
        }
    }

    @Test
    void keysAreNotFetchedInClearFromAnotherMachine() {
        issuer.answer(
                ScriptedIssuer.METADATA,
                Answers.json(Map.of("issuer", issuer.address(), "jwks_uri", "http://issuer.example/jwks")));
        keys.start();
        await().atMost(PATIENCE).until(() -> issuer.requests(ScriptedIssuer.METADATA) >= 2);
        assertThat(keys.available()).isFalse();
    }

    // Keys that the feed brings

    private void take(JWK... published) {
        keys.take(ScriptedIssuer.jwkSet(published));
    }

    private void startFed(JWK... published) {
        start();
        await().atMost(PATIENCE).until(() -> requests() == 1);
        feedIsFresh.set(true);
        take(published);
    }

    private static RSAKey key(String kid) {
        return TestKeys.rs256(kid);
    }

    @Test
    void noKeysAreFetchedWhileTheFeedBringsThemAndIsFresh() {
        startFed(key("first"));
        for (int i = 0; i < 3; i++) {
            keys.refresh();
            keys.expectNewKey();
        }
        issuer.publish(key("first"), key("second"));
        assertThat(keys.find("second")).isNotNull();
        assertThat(requests()).isEqualTo(2);
    }

    @Test
    void keysAreFetchedAgainWhenTheFeedIsStale() {
        startFed(key("first"));
        issuer.publish(key("second"));
        feedIsFresh.set(false);
        keys.refresh();
        await().atMost(PATIENCE).until(() -> keys.find("second") != null && keys.find("first") == null);
        awaitRequests(2);
    }

    @Test
    void keysAreFetchedAgainWhenAnIssuerSendsNone() {
        startFed(key("first"));
        keys.feedConnecting();
        keys.refresh();
        awaitRequests(2);
    }

    @Test
    void keysAreFetchedAgainWhenTheFeedBringsNonsense() {
        startFed(key("first"));
        keys.take("{\"keys\":[]}");
        keys.refresh();
        awaitRequests(2);
        assertThat(keys.find("first")).isNotNull();
    }

    @Test
    void keysOfTheFeedAreEnoughToBegin() {
        issuer.answer(ScriptedIssuer.JWKS, Answers.status(503));
        feedIsFresh.set(true);
        keys.start();
        awaitRequests(2);
        take(key("first"));
        assertThat(keys.find("first")).isNotNull();
        int before = requests();
        issuer.publish(key("first"), key("second"));
        await().atMost(PATIENCE).until(() -> keys.find("second") != null);
        assertThat(requests()).isLessThanOrEqualTo(before + 2);
    }

    @Test
    void aFetchThatTheFeedHasOvertakenIsForNothing() throws InterruptedException {
        startFed(key("first"));
        issuer.answer(ScriptedIssuer.JWKS, Answers.held(latch, Answers.text(ScriptedIssuer.jwkSet(key("old")))));
        Thread request = new Thread(() -> keys.find("third"));
        request.start();
        awaitRequests(2);
        take(key("second"));
        latch.countDown();
        request.join();
        assertThat(keys.find("second")).isNotNull();
        issuer.publish(key("second"), key("third"));
        assertThat(keys.find("third")).isNotNull();
        assertThat(requests()).isEqualTo(3);
        assertThat(keys.find("old")).isNull();
    }

    @Test
    void aReplicaThatIsBehindTakesNoKeyAwayAndBringsNoneBack() {
        issuer.publish(key("old"), key("first"));
        startFed(key("old"), key("first"));
        take(key("first"), key("second"));
        VerificationKey second = keys.find("second");
        assertThat(second).isNotNull();
        assertThat(keys.find("forged")).isNull();
        assertThat(requests()).isEqualTo(2);
        assertThat(keys.find("second")).isSameAs(second);
        assertThat(keys.find("old")).isNull();
    }

    @Test
    void aKeyThatTheFeedBringsAgainIsTheSameObject() {
        startFed(key("first"));
        VerificationKey before = keys.find("first");
        take(key("first"), key("second"));
        assertThat(keys.find("first")).isSameAs(before);
        take(new RSAKey.Builder(key("second").toPublicJWK()).keyID("first").build());
        assertThat(keys.find("first")).isNotNull().isNotEqualTo(before);
    }

    @Test
    void keysForOtherPurposesAreNotUsed() {
        RSAKey first = TestKeys.rs256("first");
        issuer.publish(
                first,
                new RSAKey.Builder(first)
                        .keyID("for encryption")
                        .keyUse(KeyUse.ENCRYPTION)
                        .build(),
                new RSAKey.Builder(first)
                        .keyID("for another algorithm")
                        .algorithm(JWSAlgorithm.PS512)
                        .build(),
                new OctetSequenceKey.Builder(new byte[32]).keyID("shared").build());
        start();
        assertThat(keys.find("first")).isNotNull();
        assertThat(keys.find("for encryption")).isNull();
        assertThat(keys.find("for another algorithm")).isNull();
        assertThat(keys.find("shared")).isNull();
    }

    @Test
    void anEllipticCurveKeyVerifiesItsTokens() throws InterruptedException {
        var curve = TestKeys.es256("curve");
        issuer.publish(TestKeys.rs256("first"), curve);
        try (TokenVerifier verifier = issuer.verifier()
                .algorithms("RS256", "ES256")
                .clock(clock, clock::nanos)
                .start()) {
            assertThat(verifier.awaitReady(PATIENCE)).isTrue();
            assertThat(verifier.verify(issuer.token()
                            .key("curve", curve)
                            .header("alg", "ES256")
                            .signed("SHA256withECDSAinP1363Format")))
                    .isInstanceOf(Verification.Verified.class);
            assertThat(verifier.verify(issuer.token().header("kid", "curve").signed()))
                    .isEqualTo(new Verification.Refused(Refusal.ALGORITHM));
        }
    }

    @Test
    void theKeysAreReadFromAGivenAddressWithoutAskingForMetadata() throws InterruptedException {
        JWK key = TestKeys.rs256("first").toPublicJWK();
        issuer.answer("/elsewhere", Answers.text(ScriptedIssuer.jwkSet(key)));
        try (TokenVerifier verifier = issuer.verifier()
                .jwkSetUri(URI.create(issuer.address() + "/elsewhere"))
                .clock(clock, clock::nanos)
                .start()) {
            assertThat(verifier.awaitReady(PATIENCE)).isTrue();
            assertThat(issuer.requests(ScriptedIssuer.METADATA)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-age=60 | 60",
                "public, max-age=120, must-revalidate | 120",
                "public,Max-Age=\"120\" | 120",
                "max-age=0 | 30",
                "max-age=29 | 30",
                "max-age=31536000 | 900",
                "max-age=999999999999999999999 | 900",
                "no-store | 300",
                "s-maxage=60 | 300",
                "max-age=-1 | 300",
                "'' | 300"
            })
    void theAnswersMaxAgeIsKeptToWithinBounds(String cacheControl, long seconds) {
        assertThat(SigningKeys.lifetime(cacheControl)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void onlyTheLatestUnknownKeysAreRemembered() {
        UnknownKeys unknown = new UnknownKeys(Duration.ofMinutes(1), clock::nanos);
        for (int i = 0; i < 10_000; i++) {
            unknown.add("forged " + i);
            assertThat(unknown.size()).isLessThanOrEqualTo(UnknownKeys.REMEMBERED);
        }
        assertThat(unknown.contains("forged 0")).isFalse();
        assertThat(unknown.contains("forged 9999")).isTrue();
        clock.advance(Duration.ofMinutes(1));
        assertThat(unknown.contains("forged 9999")).isFalse();
    }
}
