package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {

    private static final VerificationKey KEY = key();
    private static final long MEGABYTE = 1024 * 1024;

    private final TestClock clock = new TestClock();
    private final Set<String> bad = ConcurrentHashMap.newKeySet();
    private final VerifiedTokens cache = cacheOf(MEGABYTE);

    private VerifiedTokens cacheOf(long weight) {
        return new VerifiedTokens(weight, token -> !bad.contains(token.text()), clock::nanos, 4711);
    }

    private static VerificationKey key() {
        try {
            return Objects.requireNonNull(VerificationKey.of(
                    TestKeys.rs256("first").toPublicJWK(), new SignatureProviders(Set.of(JWSAlgorithm.RS256), null)));
        } catch (JOSEException | GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static CheckedToken token(String text) {
        RuleTarget target = new RuleTarget(text, null, null, "first", "person", "web", null, List.of());
        return new CheckedToken(text, new VerifiedToken(Map.of(), Map.of()), target, KEY, 0, Long.MAX_VALUE);
    }

    private static String hot(int i) {
        return "hot " + i + " " + "x".repeat(900);
    }

    private static String cold(int i) {
        return "cold " + i + " " + "y".repeat(900);
    }

    /** What the verifier does with a good token. */
    private static boolean present(VerifiedTokens to, String text) {
        if (to.find(text) != null) {
            return true;
        }
        to.offer(token(text));
        return false;
    }

    private void present(String text, int times) {
        for (int i = 0; i < times; i++) {
            present(cache, text);
        }
    }

    private boolean holdsAllHot(int count) {
        return IntStream.range(0, count).allMatch(i -> cache.find(hot(i)) != null);
    }

    @Test
    void aTokenIsKeptFromTheSecondTimeOn() {
        assertThat(present(cache, "token")).isFalse();
        assertThat(cache.size()).isZero();
        assertThat(present(cache, "token")).isFalse();
        assertThat(present(cache, "token")).isTrue();
        assertThat(cache.size()).isEqualTo(1);
        assertThat(cache.hits()).isEqualTo(1);
        assertThat(cache.misses()).isEqualTo(2);
    }

    @Test
    void textsOfOneHashCodeAreDifferentTokens() {
        assertThat("token Aa".hashCode()).isEqualTo("token BB".hashCode());
        present("token Aa", 2);
        assertThat(cache.find("token Aa")).isNotNull();
        assertThat(cache.find("token BB")).isNull();
    }

    @Test
    void thousandsOfTextsOfOneHashCodeAreToldApart() {
        VerifiedTokens large = cacheOf(64 * MEGABYTE);
        List<String> texts = List.of("");
        for (int i = 0; i < 13; i++) {
            texts = texts.stream()
                    .flatMap(text -> List.of(text + "Aa", text + "BB").stream())
                    .toList();
        }
        for (String text : texts) {
            present(large, text);
            present(large, text);
        }
        assertThat(texts).hasSize(8_192).allMatch(text -> {
            CheckedToken found = large.find(text);
            return found != null && found.text().equals(text);
        });
        assertThat(large.find("Aa")).isNull();
    }

    @Test
    void aFloodOfTokensThatComeOnceKeepsNothingAndPushesNothingOut() {
        IntStream.range(0, 100).forEach(i -> present(hot(i), 3));
        IntStream.range(0, 100_000).forEach(i -> present(cold(i), 1));
        assertThat(holdsAllHot(100)).isTrue();
        assertThat(cache.size()).isLessThan(110);
    }

    @Test
    void aFloodOfTokensThatComeTwiceLeavesTheHotOnesAndStaysWithinTheBound() {
        IntStream.range(0, 100).forEach(i -> present(hot(i), 3));
        IntStream.range(0, 100_000).forEach(i -> present(cold(i), 2));
        assertThat(holdsAllHot(100)).isTrue();
        assertThat(cache.weight()).isLessThanOrEqualTo(MEGABYTE);
        assertThat(cache.size()).isLessThan(400);
    }

    @Test
    void aFloodOfTokensThatComeOftenLeavesTheOnesThatComeEveryFewSeconds() {
        IntStream.range(0, 100).forEach(i -> present(hot(i), 3));
        for (int second = 0; second < 100; second++) {
            int first = second * 1_000;
            IntStream.range(first, first + 1_000).forEach(i -> present(cold(i), 10));
            clock.advance(Duration.ofSeconds(1));
            if (second % 10 == 9) {
                assertThat(holdsAllHot(100)).isTrue();
            }
        }
        assertThat(cache.weight()).isLessThanOrEqualTo(MEGABYTE);
    }

    @Test
    void aFullCacheOfHotTokensTurnsNewcomersAway() {
        int fit = (int) (MEGABYTE / token(hot(100)).weight());
        IntStream.range(100, 100 + fit).forEach(i -> present(hot(i), 3));
        for (int i = 0; i < 2_000; i++) {
            present(cold(i), 2);
            present(cache, hot(100 + i % fit));
        }
        assertThat(IntStream.range(100, 100 + fit).filter(i -> cache.find(hot(i)) != null))
                .hasSize(fit);
    }

    @Test
    void tokensThatAreNoLongerHotMakeRoom() {
        IntStream.range(0, 1_000).forEach(i -> present(hot(i), 3));
        for (int round = 0; round < 200; round++) {
            IntStream.range(0, 50).forEach(i -> present(cache, cold(i)));
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(IntStream.range(0, 50).filter(i -> cache.find(cold(i)) != null))
                .hasSize(50);
        assertThat(cache.weight()).isLessThanOrEqualTo(MEGABYTE);
    }

    @Test
    void aTokenThatIsTakenOutIsNotFoundAndMayComeBack() {
        present("token", 2);
        CheckedToken held = cache.find("token");
        assertThat(held).isNotNull();
        cache.remove(Objects.requireNonNull(held));
        assertThat(cache.find("token")).isNull();
        cache.offer(token("token"));
        assertThat(cache.find("token")).isNotNull();
        cache.remove(held);
        assertThat(cache.find("token")).isNotNull();
    }

    @Test
    void tokensThatAreGoodNoLongerAreSweptOut() {
        IntStream.range(0, 50).forEach(i -> present(cold(i), 2));
        IntStream.range(0, 49).forEach(i -> bad.add(cold(i)));
        clock.advance(Duration.ofMinutes(1));
        present("another", 2);
        assertThat(cache.size()).isEqualTo(2);
        assertThat(cache.weight())
                .isEqualTo(token("another").weight() + token(cold(49)).weight());
    }

    @Test
    void aTokenThatIsLargerThanTheCacheIsNotKept() {
        present("x".repeat((int) MEGABYTE), 3);
        assertThat(cache.size()).isZero();
    }

    @Test
    void aCacheOfSizeZeroKeepsNothing() {
        VerifiedTokens none = cacheOf(0);
        for (int i = 0; i < 5; i++) {
            assertThat(present(none, "token")).isFalse();
        }
        assertThat(none.size()).isZero();
    }

    @Test
    void whoeverPresentsTokensFromManyThreadsGetsHisOwn() throws Exception {
        List<String> texts = new ArrayList<>();
        IntStream.range(0, 400).forEach(i -> texts.add(cold(i)));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                List<String> mine = new ArrayList<>(texts);
                Collections.shuffle(mine, new Random(thread));
                all.add(threads.submit(() -> presentMany(mine)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(cache.weight()).isLessThanOrEqualTo(MEGABYTE);
        assertThat(cache.size()).isPositive();
        texts.forEach(text -> present(text, 1));
        clock.advance(Duration.ofMinutes(1));
        bad.addAll(texts);
        present("another", 2);
        assertThat(cache.weight()).isEqualTo(token("another").weight());
        assertThat(cache.size()).isEqualTo(1);
    }

    private void presentMany(List<String> texts) {
        for (int round = 0; round < 50; round++) {
            for (String text : texts) {
                CheckedToken found = cache.find(text);
                if (found == null) {
                    cache.offer(token(text));
                } else {
                    assertThat(found.text()).isEqualTo(text);
                    if (round % 10 == 9) {
                        cache.remove(found);
                    }
                }
            }
        }
    }
}
