package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.RSAKey;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a service sees of the issuer's keys while the feed brings them. */
class KeysByFeedTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestClock clock = new TestClock();
    private final ScriptedIssuer issuer = new ScriptedIssuer(clock);
    private final ScriptedFeed feed = issuer.feed();
    private final RSAKey first = TestKeys.rs256("first");
    private final RSAKey second = TestKeys.rs256("second");
    private final TokenVerifier verifier = verifier();
    private int marks;

    private TokenVerifier verifier() {
        feed.keys(first);
        return issuer.verifier().clock(clock, clock::nanos).start();
    }

    @BeforeEach
    void ready() throws InterruptedException {
        assertThat(verifier.awaitReady(PATIENCE)).isTrue();
        awaitAllHeard();
        await().atMost(PATIENCE).until(() -> issuer.requests(ScriptedIssuer.JWKS) == 1);
    }

    @AfterEach
    void stop() {
        verifier.close();
        issuer.close();
    }

    /** All that the feed has sent so far has been applied. */
    private void awaitAllHeard() {
        marks++;
        feed.revoke("jti", "mark " + marks);
        await().atMost(PATIENCE)
                .until(() -> feed.position().equals(verifier.status().position()));
    }

    private void publish(RSAKey... keys) {
        issuer.publish(keys);
        feed.keys(keys);
        awaitAllHeard();
    }

    private String signedBy(RSAKey key) {
        return issuer.token().key(key.getKeyID(), key).signed();
    }

    private @Nullable Refusal outcome(String token) {
        return verifier.verify(token) instanceof Verification.Refused refused ? refused.reason() : null;
    }

    private void assertRequests(int requests) {
        assertThat(issuer.requests(ScriptedIssuer.JWKS)).isEqualTo(requests);
    }

    @Test
    void aRotationCausesNoRequestAndNoRefusal() {
        publish(first, second);
        assertThat(outcome(signedBy(first))).isNull();
        assertThat(outcome(signedBy(second))).isNull();
        publish(second);
        assertThat(outcome(signedBy(second))).isNull();
        assertRequests(1);
    }

    @Test
    void aReconnectionCausesNoRequest() {
        int before = issuer.requests(ScriptedIssuer.FEED);
        issuer.publish(first, second);
        feed.keys(first, second);
        feed.drop();
        await().atMost(PATIENCE).until(() -> issuer.requests(ScriptedIssuer.FEED) > before && feed.connected() == 1);
        awaitAllHeard();
        assertThat(outcome(signedBy(second))).isNull();
        assertRequests(1);
    }

    @Test
    void aRuleAgainstAKeyWithItsSuccessorBehindItCausesNoRequest() {
        feed.revoke("kid", "first");
        publish(second);
        assertThat(outcome(signedBy(second))).isNull();
        assertThat(outcome(signedBy(first))).isNotNull();
        assertRequests(1);
    }

    @Test
    void aSuccessorThatIsUsedBeforeTheFeedHasBroughtItIsFetchedAtOnce() {
        assertThat(outcome(signedBy(second))).isEqualTo(Refusal.UNKNOWN_KEY);
        issuer.publish(second);
        feed.revoke("kid", "first");
        awaitAllHeard();
        assertRequests(2);
        assertThat(outcome(signedBy(second))).isNull();
        assertRequests(3);
        assertThat(outcome(signedBy(first))).isEqualTo(Refusal.REVOKED);
    }

    @Test
    void aCachedTokenIsRefusedOnceItsKeyIsGoneAndTheOthersStay() {
        publish(first, second);
        String old = cached(signedBy(first));
        String good = cached(signedBy(second));
        publish(second);
        long hits = verifier.cacheHits();
        assertThat(outcome(good)).isNull();
        assertThat(verifier.cacheHits()).isEqualTo(hits + 1);
        assertThat(outcome(old)).isEqualTo(Refusal.UNKNOWN_KEY);
        assertThat(verifier.cachedTokens()).isEqualTo(1);
    }

    private String cached(String token) {
        long hits = verifier.cacheHits();
        for (int i = 0; i < 3; i++) {
            assertThat(outcome(token)).isNull();
        }
        assertThat(verifier.cacheHits()).isEqualTo(hits + 1);
        return token;
    }

    @Test
    void keysThatCannotBeUsedAreIgnoredAndTheFeedIsFollowedOn() {
        for (String nonsense : List.of(
                "",
                "null",
                "[]",
                "{}",
                "{\"keys\":null}",
                "{\"keys\":[]}",
                "{\"keys\":[null]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"first\"}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"first\",\"k\":\"c2VjcmV0\"}]}",
                "[".repeat(60_000))) {
            feed.send(ScriptedFeed.event("keys", nonsense));
        }
        awaitAllHeard();
        assertThat(outcome(signedBy(first))).isNull();
        assertThat(issuer.requests(ScriptedIssuer.FEED)).isEqualTo(1);
        assertRequests(1);
    }

    @Test
    void fiveHundredForgedKeyIdsCauseOneRequest() {
        for (int i = 0; i < 500; i++) {
            String forged = issuer.token().header("kid", "forged " + i).signed();
            assertThat(outcome(forged)).isEqualTo(Refusal.UNKNOWN_KEY);
        }
        assertRequests(2);
        publish(first, second);
        assertThat(outcome(signedBy(second))).isNull();
        assertRequests(2);
    }
}
