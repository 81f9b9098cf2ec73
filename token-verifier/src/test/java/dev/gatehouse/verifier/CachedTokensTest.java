package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.RSAKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A token that is in the cache is checked as strictly as one that is not. */
class CachedTokensTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestClock clock = new TestClock();
    private final ScriptedIssuer issuer = new ScriptedIssuer(clock);
    private final TokenVerifier verifier =
            issuer.verifier().clock(clock, clock::nanos).start();

    @BeforeEach
    void ready() throws InterruptedException {
        assertThat(verifier.awaitReady(PATIENCE)).isTrue();
    }

    @AfterEach
    void stop() {
        verifier.close();
        issuer.close();
    }

    private @Nullable Refusal outcome(String token) {
        return verifier.verify(token) instanceof Verification.Refused refused ? refused.reason() : null;
    }

    private VerifiedToken verified(String token) {
        return verifier.verify(token).fold(good -> good, refusal -> {
            throw new AssertionError(refusal);
        });
    }

    private String cached(TokenDraft draft) {
        String token = draft.signed();
        for (int i = 0; i < 3; i++) {
            assertThat(outcome(token)).isNull();
        }
        assertThat(verifier.cachedTokens()).isEqualTo(1);
        assertThat(verifier.cacheHits()).isEqualTo(1);
        return token;
    }

    private void assertTakenOut() {
        assertThat(verifier.cachedTokens()).isZero();
    }

    @Test
    void aTokenThatComesAgainIsTheSameObject() {
        String token = cached(issuer.token());
        VerifiedToken first = verified(token);
        assertThat(verified(new String(token.toCharArray()))).isSameAs(first);
        assertThat(verifier.cacheMisses()).isEqualTo(2);
    }

    @Test
    void aChangedCharacterAnywhereIsAMissAndRefused() {
        String token = cached(issuer.token());
        for (int i = 0; i < token.length(); i++) {
            long misses = verifier.cacheMisses();
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String changed = token.substring(0, i) + other + token.substring(i + 1);
            assertThat(outcome(changed)).as("character %d", i).isNotNull();
            assertThat(verifier.cacheMisses()).isEqualTo(misses + 1);
        }
        assertThat(outcome(token)).isNull();
        assertThat(verifier.cachedTokens()).isEqualTo(1);
    }

    @Test
    void partsOfTwoGoodTokensDoNotMakeAThird() {
        String one = cached(issuer.token());
        String two = issuer.token().with("sub", "another").signed();
        for (int i = 0; i < 3; i++) {
            assertThat(outcome(two)).isNull();
        }
        String[] ofOne = one.split("\\.", -1);
        String[] ofTwo = two.split("\\.", -1);
        assertThat(outcome(ofOne[0] + "." + ofTwo[1] + "." + ofOne[2])).isEqualTo(Refusal.SIGNATURE);
        assertThat(outcome(ofOne[0] + "." + ofOne[1] + "." + ofTwo[2])).isEqualTo(Refusal.SIGNATURE);
    }

    @ParameterizedTest
    @CsvSource({"jti, token", "grant_id, grant", "sid, session", "kid, first"})
    void aRuleThatHitsItRefusesIt(String kind, String value) {
        String token = cached(issuer.token());
        revoke(ScriptedFeed.rule(kind, value));
        assertThat(outcome(token)).isEqualTo(Refusal.REVOKED);
        assertTakenOut();
        assertThat(outcome(token)).isEqualTo(Refusal.REVOKED);
    }

    @ParameterizedTest
    @CsvSource({"sub, person", "client_id, web"})
    void aCutThatHitsItRefusesIt(String kind, String value) {
        String token = cached(issuer.token());
        revoke(ScriptedFeed.cut(kind, value, "1763900000000-11"));
        assertThat(outcome(token)).isEqualTo(Refusal.REVOKED);
        assertTakenOut();
    }

    @Test
    void aRuleAgainstATokenThatItWasExchangedFromRefusesIt() {
        String token = cached(issuer.token().with("origin", List.of(Map.of("jti", "original"))));
        revoke(ScriptedFeed.rule("jti", "original"));
        assertThat(outcome(token)).isEqualTo(Refusal.REVOKED);
    }

    @Test
    void aRuleThatDoesNotHitItLeavesIt() {
        String token = cached(issuer.token());
        revoke(ScriptedFeed.rule("jti", "another"));
        revoke(ScriptedFeed.cut("sub", "person", "1763900000000-10"));
        assertThat(outcome(token)).isNull();
        assertThat(verifier.cachedTokens()).isEqualTo(1);
        assertThat(verifier.cacheHits()).isEqualTo(2);
    }

    @Test
    void aRuleOfASnapshotRefusesIt() {
        String token = cached(issuer.token());
        issuer.feed().appendUnsent(ScriptedFeed.rule("sid", "session"));
        await().atMost(PATIENCE).until(() -> verifier.rules() == 1);
        assertThat(outcome(token)).isEqualTo(Refusal.REVOKED);
    }

    @Test
    void itExpires() {
        String token = cached(issuer.token());
        clock.advance(Duration.ofSeconds(329));
        await().atMost(PATIENCE).until(() -> verifier.status().fresh());
        assertThat(outcome(token)).isNull();
        clock.advance(Duration.ofSeconds(1));
        assertThat(outcome(token)).isEqualTo(Refusal.EXPIRED);
        assertTakenOut();
    }

    @Test
    void itIsNotGoodBeforeItsTimeWhenTheClockIsSetBack() {
        String token = cached(issuer.token().with("nbf", clock.second() + 20));
        clock.advance(Duration.ofSeconds(-11));
        assertThat(outcome(token)).isEqualTo(Refusal.NOT_YET_VALID);
    }

    @Test
    void itsKeyIsTakenBack() {
        String token = cached(issuer.token());
        publish(TestKeys.rs256("second"));
        await().atMost(PATIENCE).until(() -> outcome(token) == Refusal.UNKNOWN_KEY);
        assertTakenOut();
    }

    @Test
    void anotherKeyTakesTheNameOfItsKey() {
        String token = cached(issuer.token());
        publish(new RSAKey.Builder(TestKeys.rs256("second").toPublicJWK())
                .keyID("first")
                .build());
        await().atMost(PATIENCE).until(() -> outcome(token) == Refusal.SIGNATURE);
        assertTakenOut();
    }

    @Test
    void itSurvivesThatItsKeyIsFetchedAgain() {
        String token = cached(issuer.token());
        publish(TestKeys.rs256("first"), TestKeys.rs256("second"));
        String other = issuer.token().key("second", TestKeys.rs256("second")).signed();
        await().atMost(PATIENCE).until(() -> outcome(other) == null);
        long hits = verifier.cacheHits();
        assertThat(outcome(token)).isNull();
        assertThat(verifier.cacheHits()).isEqualTo(hits + 1);
    }

    /** Published, and there is a reason to ask for the keys. */
    private void publish(RSAKey... keys) {
        issuer.publish(keys);
        revoke(ScriptedFeed.rule("kid", "an old one"));
    }

    private void revoke(Map<String, Object> rule) {
        long before = verifier.rules();
        issuer.feed().append(rule);
        await().atMost(PATIENCE).until(() -> verifier.rules() > before);
    }

    @Test
    void itIsRefusedWhileTheRulesAreStale() {
        String token = cached(issuer.token());
        issuer.feed().pause();
        clock.advance(Duration.ofSeconds(6));
        await().atMost(PATIENCE).until(() -> {
            clock.advance(Duration.ofSeconds(1));
            return outcome(token) == Refusal.STALE;
        });
        assertThat(verifier.verify(token, StalenessPolicy.OPEN)).isInstanceOf(Verification.Verified.class);
        issuer.answer(ScriptedIssuer.INTROSPECTION, Answers.text("{\"active\":false}"));
        assertThat(verifier.verify(token, StalenessPolicy.INTROSPECT)).isInstanceOf(Verification.Refused.class);
    }

    @Test
    void refusedTokensAreNotKept() {
        for (String token : List.of(
                issuer.token().forgedWith(TestKeys.rs256("second")).signed(),
                issuer.token().with("aud", "another").signed(),
                issuer.token().with("exp", clock.second() - 100).signed(),
                "garbage")) {
            for (int i = 0; i < 5; i++) {
                assertThat(outcome(token)).isNotNull();
            }
        }
        assertThat(verifier.cachedTokens()).isZero();
    }

    @Test
    void nobodyCanChangeWhatTheNextOneGets() {
        VerifiedToken token = verified(cached(issuer.token()
                .with("roles", List.of("clerk"))
                .with("act", Map.of("sub", "desk", "more", List.of(Map.of("a", "b"))))));
        assertUnchangeable(token.claims());
        assertUnchangeable(token.header());
        List<?> roles = (List<?>) Objects.requireNonNull(token.claim("roles"));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(roles::clear);
        Map<?, ?> act = (Map<?, ?>) Objects.requireNonNull(token.claim("act"));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(act::clear);
        List<?> more = (List<?>) Objects.requireNonNull(act.get("more"));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(((Map<?, ?>) Objects.requireNonNull(more.get(0)))::clear);
    }

    private static void assertUnchangeable(Map<String, Object> members) {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> members.put("roles", "administrator"));
    }

    @Test
    void anotherFormOfItIsMadeOnce() {
        String token = cached(issuer.token());
        StringBuilder form = verified(token).as(StringBuilder.class, good -> new StringBuilder(good.subject()));
        assertThat(verified(token).as(StringBuilder.class, good -> new StringBuilder()))
                .isSameAs(form);
        assertThat(verified(token).as(String.class, VerifiedToken::subject)).isEqualTo("person");
    }

    @Test
    void aVerifierWithoutACacheVerifiesEachTime() throws InterruptedException {
        try (TokenVerifier without =
                issuer.verifier().cacheSize(0).clock(clock, clock::nanos).start()) {
            assertThat(without.awaitReady(PATIENCE)).isTrue();
            String token = issuer.token().signed();
            for (int i = 0; i < 5; i++) {
                assertThat(without.verify(token)).isInstanceOf(Verification.Verified.class);
            }
            assertThat(without.cacheHits()).isZero();
            assertThat(without.cachedTokens()).isZero();
        }
    }
}
