package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StalenessTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestClock clock = new TestClock();
    private final ScriptedIssuer issuer = new ScriptedIssuer(clock);
    private final CountDownLatch latch = new CountDownLatch(1);
    private @Nullable TokenVerifier started;

    @AfterEach
    void stop() {
        latch.countDown();
        if (started != null) {
            started.close();
        }
        issuer.close();
    }

    private TokenVerifier start(StalenessPolicy policy) {
        TokenVerifier verifier = issuer.verifier()
                .stalenessPolicy(policy)
                .clock(clock, clock::nanos)
                .start();
        started = verifier;
        return verifier;
    }

    private TokenVerifier ready(StalenessPolicy policy) {
        TokenVerifier verifier = start(policy);
        await().atMost(PATIENCE).until(() -> verifier.isReady() && issuer.feed().connected() > 0);
        return verifier;
    }

    private TokenVerifier stale(StalenessPolicy policy) {
        TokenVerifier verifier = ready(policy);
        issuer.feed().pause();
        await().atMost(PATIENCE).until(() -> {
            clock.advance(Duration.ofSeconds(6));
            return !verifier.status().fresh();
        });
        return verifier;
    }

    private Verification verify(TokenVerifier verifier) {
        return verifier.verify(issuer.token().signed());
    }

    private static Verification refused(Refusal reason) {
        return new Verification.Refused(reason);
    }

    @Test
    void aFreshCopyAccepts() {
        for (StalenessPolicy policy : StalenessPolicy.values()) {
            try (TokenVerifier verifier = ready(policy)) {
                assertThat(verify(verifier)).isInstanceOf(Verification.Verified.class);
                assertThat(verifier.acceptedStale()).isZero();
            }
        }
        assertThat(issuer.requests(ScriptedIssuer.INTROSPECTION)).isZero();
    }

    @Test
    void aStaleCopyRefusesForNowUnderClosedAndAcceptsAgainWhenItIsFresh() {
        TokenVerifier verifier = stale(StalenessPolicy.CLOSED);
        assertThat(verify(verifier)).isEqualTo(refused(Refusal.STALE));
        assertThat(Refusal.STALE.isTemporary()).isTrue();
        assertThat(verifier.refused(Refusal.STALE)).isEqualTo(1);
        issuer.feed().resume();
        await().atMost(PATIENCE).until(() -> verify(verifier) instanceof Verification.Verified);
    }

    @Test
    void stalenessIsMeasuredAndReported() {
        TokenVerifier verifier = ready(StalenessPolicy.CLOSED);
        assertThat(verifier.status().fresh()).isTrue();
        assertThat(verifier.status().position()).isEqualTo(issuer.feed().position());
        issuer.feed().revoke("jti", "another");
        await().atMost(PATIENCE).until(() -> verifier.rules() == 1);
        issuer.feed().pause();
        await().atMost(PATIENCE).until(() -> {
            clock.advance(Duration.ofSeconds(6));
            return verifier.staleness().compareTo(Duration.ofSeconds(18)) >= 0;
        });
        VerifierStatus status = verifier.status();
        assertThat(status.ready()).isTrue();
        assertThat(status.fresh()).isFalse();
        assertThat(status.rules()).isEqualTo(1);
        assertThat(status.staleness()).isGreaterThanOrEqualTo(Duration.ofSeconds(18));
    }

    @Test
    void aRevokedTokenIsRefusedAsSuchHoweverOldTheCopyIs() {
        issuer.feed().revoke("jti", "token");
        for (StalenessPolicy policy : StalenessPolicy.values()) {
            issuer.feed().resume();
            try (TokenVerifier verifier = stale(policy)) {
                assertThat(verify(verifier)).isEqualTo(refused(Refusal.REVOKED));
            }
        }
        assertThat(issuer.requests(ScriptedIssuer.INTROSPECTION)).isZero();
    }

    @Test
    void aBadTokenIsRefusedAsSuchHoweverOldTheCopyIs() {
        TokenVerifier verifier = stale(StalenessPolicy.INTROSPECT);
        assertThat(verifier.verify(issuer.token().with("aud", "another").signed()))
                .isEqualTo(refused(Refusal.AUDIENCE));
        assertThat(verifier.verify(issuer.token()
                        .forgedWith(TestKeys.rs256("the thief's own"))
                        .signed()))
                .isEqualTo(refused(Refusal.SIGNATURE));
        assertThat(issuer.requests(ScriptedIssuer.INTROSPECTION)).isZero();
    }

    @Test
    void aStaleCopyAsksTheIssuerUnderIntrospect() {
        TokenVerifier verifier = stale(StalenessPolicy.INTROSPECT);
        assertThat(verify(verifier)).isInstanceOf(Verification.Verified.class);
        assertThat(issuer.requests(ScriptedIssuer.INTROSPECTION)).isEqualTo(1);
        issuer.answerAuthorized(ScriptedIssuer.INTROSPECTION, Answers.json(Map.of("active", false)));
        assertThat(verify(verifier)).isEqualTo(refused(Refusal.REVOKED));
    }

    @Test
    void withoutTheIssuersWordNothingPassesUnderIntrospect() {
        TokenVerifier verifier = stale(StalenessPolicy.INTROSPECT);
        for (var answer : List.of(
                Answers.status(500),
                Answers.status(401),
                Answers.status(302),
                Answers.text("null"),
                Answers.text("[]"),
                Answers.text("active"),
                Answers.endless(latch),
                Answers.held(latch, Answers.text("{\"active\":true}")),
                Answers.text("{\"active\":true," + " ".repeat(300_000) + "}"))) {
            issuer.answer(ScriptedIssuer.INTROSPECTION, answer);
            clock.advance(Duration.ofSeconds(1));
            int before = issuer.requests(ScriptedIssuer.INTROSPECTION);
            assertThat(verify(verifier)).isEqualTo(refused(Refusal.INTROSPECTION_FAILED));
            assertThat(issuer.requests(ScriptedIssuer.INTROSPECTION)).isEqualTo(before + 1);
        }
        clock.advance(Duration.ofSeconds(1));
        for (String inactive : List.of("{}", "{\"active\":\"true\"}", "{\"active\":1}", "{\"active\":null}")) {
            issuer.answer(ScriptedIssuer.INTROSPECTION, Answers.text(inactive));
            assertThat(verify(verifier)).isEqualTo(refused(Refusal.REVOKED));
        }
        assertThat(Refusal.INTROSPECTION_FAILED.isTemporary()).isTrue();
    }

    @Test
    void anIssuerThatDoesNotAnswerIsLeftAloneForASecond() {
        TokenVerifier verifier = stale(StalenessPolicy.INTROSPECT);
        issuer.answer(ScriptedIssuer.INTROSPECTION, Answers.status(503));
        for (int i = 0; i < 50; i++) {
            assertThat(verify(verifier)).isEqualTo(refused(Refusal.INTROSPECTION_FAILED));
        }
        assertThat(issuer.requests(ScriptedIssuer.INTROSPECTION)).isEqualTo(1);
        issuer.answerAuthorized(ScriptedIssuer.INTROSPECTION, Answers.json(Map.of("active", true)));
        assertThat(verify(verifier)).isEqualTo(refused(Refusal.INTROSPECTION_FAILED));
        clock.advance(Duration.ofSeconds(1));
        assertThat(verify(verifier)).isInstanceOf(Verification.Verified.class);
        assertThat(verify(verifier)).isInstanceOf(Verification.Verified.class);
        assertThat(verifier.introspected()).isEqualTo(53);
    }

    @Test
    void theLastMetadataHoldWhileNewOnesCannotBeHad() {
        TokenVerifier verifier = stale(StalenessPolicy.INTROSPECT);
        issuer.answer(ScriptedIssuer.METADATA, Answers.status(503));
        issuer.answer(ScriptedIssuer.JWKS, Answers.status(503));
        int before = issuer.requests(ScriptedIssuer.JWKS);
        assertThat(verifier.verify(issuer.token()
                        .key("unknown", TestKeys.rs256("the thief's own"))
                        .signed()))
                .isEqualTo(refused(Refusal.UNKNOWN_KEY));
        assertThat(issuer.requests(ScriptedIssuer.JWKS)).isGreaterThan(before);
        assertThat(verify(verifier)).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void theTimeForTheMetadataIsPartOfTheTimeForAnIntrospection() {
        TokenVerifier verifier = issuer.verifier()
                .stalenessPolicy(StalenessPolicy.INTROSPECT)
                .jwkSetUri(URI.create(issuer.address() + ScriptedIssuer.JWKS))
                .clock(clock, clock::nanos)
                .start();
        started = verifier;
        await().atMost(PATIENCE).until(verifier::isReady);
        issuer.feed().pause();
        await().atMost(PATIENCE).until(() -> {
            clock.advance(Duration.ofSeconds(6));
            return !verifier.status().fresh();
        });
        issuer.answer(ScriptedIssuer.METADATA, exchange -> {
            clock.advance(Duration.ofSeconds(1));
            issuer.metadata().handle(exchange);
        });
        assertThat(verify(verifier)).isEqualTo(refused(Refusal.INTROSPECTION_FAILED));
        assertThat(issuer.requests(ScriptedIssuer.INTROSPECTION)).isZero();
        clock.advance(Duration.ofSeconds(1));
        assertThat(verify(verifier)).isInstanceOf(Verification.Verified.class);
        assertThat(issuer.requests(ScriptedIssuer.METADATA)).isEqualTo(1);
    }

    @Test
    void theCallerMayChooseThePolicyForATokenOfItsOwn() {
        TokenVerifier verifier = stale(StalenessPolicy.CLOSED);
        String token = issuer.token().signed();
        assertThat(verifier.verify(token, StalenessPolicy.OPEN)).isInstanceOf(Verification.Verified.class);
        assertThat(verifier.verify(token, StalenessPolicy.INTROSPECT)).isInstanceOf(Verification.Verified.class);
        assertThat(verifier.verify(token)).isEqualTo(refused(Refusal.STALE));
        assertThat(issuer.requests(ScriptedIssuer.INTROSPECTION)).isEqualTo(1);
    }

    @Test
    void aStaleCopyLetsPassAndCountsUnderOpen() {
        TokenVerifier verifier = stale(StalenessPolicy.OPEN);
        assertThat(verify(verifier)).isInstanceOf(Verification.Verified.class);
        assertThat(verify(verifier)).isInstanceOf(Verification.Verified.class);
        assertThat(verifier.acceptedStale()).isEqualTo(2);
        assertThat(verifier.accepted()).isEqualTo(2);
        assertThat(issuer.requests(ScriptedIssuer.INTROSPECTION)).isZero();
    }

    @Test
    void withoutKeysNothingCanBeDecided() {
        issuer.answer(ScriptedIssuer.JWKS, Answers.status(503));
        for (StalenessPolicy policy : StalenessPolicy.values()) {
            try (TokenVerifier verifier = start(policy)) {
                assertThat(verify(verifier)).isEqualTo(refused(Refusal.KEYS_UNAVAILABLE));
                assertThat(verifier.isReady()).isFalse();
            }
        }
        assertThat(Refusal.KEYS_UNAVAILABLE.isTemporary()).isTrue();
    }

    @Test
    void beforeTheFirstSnapshotACopyIsStale() {
        issuer.answer(ScriptedIssuer.SNAPSHOT, Answers.status(503));
        TokenVerifier verifier = start(StalenessPolicy.CLOSED);
        await().atMost(PATIENCE).until(() -> !verify(verifier).equals(refused(Refusal.KEYS_UNAVAILABLE)));
        assertThat(verify(verifier)).isEqualTo(refused(Refusal.STALE));
        assertThat(verifier.isReady()).isFalse();
        assertThat(verifier.status().position()).isNull();
        issuer.answerAuthorized(ScriptedIssuer.SNAPSHOT, issuer.feed()::snapshot);
        await().atMost(PATIENCE).until(() -> verify(verifier) instanceof Verification.Verified);
    }

    @Test
    void aVerifierThatWasClosedGrowsStale() {
        TokenVerifier verifier = ready(StalenessPolicy.CLOSED);
        verifier.close();
        await().atMost(PATIENCE).until(() -> {
            clock.advance(Duration.ofSeconds(6));
            return verify(verifier).equals(refused(Refusal.STALE));
        });
    }

    @Test
    void aClockThatIsSetBackDoesNotMakeOldKnowledgeFresh() {
        Stopwatch set = new Stopwatch(() -> clock.instant().minusSeconds(3600), clock::nanos);
        Stopwatch.Mark mark = clock.stopwatch().mark();
        clock.advance(Duration.ofSeconds(6));
        assertThat(set.since(mark)).isEqualTo(Duration.ofSeconds(6));
        Stopwatch suspended = new Stopwatch(clock, () -> mark.nanos());
        assertThat(suspended.since(mark)).isEqualTo(Duration.ofSeconds(6));
    }
}
