package dev.gatehouse.server.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.demo.LocalRedis;
import dev.gatehouse.server.ratelimit.RateLimiter.Allowed;
import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import dev.gatehouse.server.ratelimit.RateLimiter.Decision;
import dev.gatehouse.server.ratelimit.RateLimiter.Limited;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BucketRateLimiterTest {
    private static final Limit THREE = new Limit("three", 3, 3, Duration.ofMinutes(3));

    private static final Limit TEN = new Limit("ten", 10, 10, Duration.ofMinutes(10));

    private static final Limit PORTIONED = new Limit("portioned", 200, 200, Duration.ofHours(1), 10);

    private static final Bucket MALLORY = new Bucket(THREE, "192.0.2.66");

    private final LocalRedis redis = LocalRedis.startTemporary();

    private final TestLimiter limiter = new TestLimiter(redis, 1);

    @AfterEach
    void stop() {
        limiter.close();
        redis.close();
    }

    @Test
    void afterTheBurstACallerIsToldWhenToComeBack() {
        assertThat(take(3, MALLORY)).allMatch(Allowed.class::isInstance);

        assertThat(limiter.acquire(List.of(MALLORY))).isEqualTo(new Limited(THREE, Duration.ofMinutes(1)));
        assertThat(limiter.hits("three")).isEqualTo(1);
    }

    @Test
    void whoComesBackWhenToldIsLetIn() {
        take(4, MALLORY);

        limiter.pass(Duration.ofMinutes(1));

        assertThat(take(2, MALLORY)).first().isInstanceOf(Allowed.class);
        assertThat(limiter.acquire(List.of(MALLORY))).isInstanceOf(Limited.class);
    }

    @Test
    void oneCallersLimitIsNotAnothers() {
        take(4, MALLORY);

        assertThat(limiter.acquire(List.of(new Bucket(THREE, "192.0.2.67")))).isInstanceOf(Allowed.class);
        assertThat(limiter.acquire(List.of(new Bucket(TEN, MALLORY.key())))).isInstanceOf(Allowed.class);
    }

    @Test
    void whatIsGivenBackDoesNotCount() {
        for (int i = 0; i < 50; i++) {
            assertThat(limiter.acquire(List.of(MALLORY))).isInstanceOf(Allowed.class);
            limiter.giveBack(List.of(MALLORY));
        }
    }

    @Test
    void aPermitThatIsGivenBackIsThereAtOnce() {
        take(4, MALLORY);

        limiter.giveBack(List.of(MALLORY));

        assertThat(limiter.acquire(List.of(MALLORY))).isInstanceOf(Allowed.class);
    }

    @Test
    void givingBackNeverMakesMoreThanTheBurst() {
        IntStream.range(0, 20).forEach(_ -> limiter.giveBack(List.of(MALLORY)));

        assertThat(take(4, MALLORY)).last().isInstanceOf(Limited.class);
    }

    @Test
    void ofSeveralBucketsAllGiveAPermitOrNone() {
        Bucket wide = new Bucket(TEN, "shared address");
        take(3, MALLORY);

        for (int i = 0; i < 30; i++) {
            assertThat(limiter.acquire(List.of(wide, MALLORY)))
                    .isInstanceOfSatisfying(
                            Limited.class,
                            limited -> assertThat(limited.limit()).isEqualTo(THREE));
            limiter.pass(Duration.ofMillis(100));
        }

        assertThat(take(10, wide)).allMatch(Allowed.class::isInstance);
    }

    @Test
    void ofManyAtOnceOnTwoServersNoMoreThanTheBurstGetThrough() throws Exception {
        try (TestLimiter other = new TestLimiter(redis, 1);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Bucket bucket = new Bucket(TEN, "hot");
            List<Callable<Decision>> calls = Stream.of(limiter, other)
                    .flatMap(node -> IntStream.range(0, 100)
                            .<Callable<Decision>>mapToObj(_ -> () -> node.acquire(List.of(bucket))))
                    .toList();

            List<Future<Decision>> decisions = threads.invokeAll(calls);

            assertThat(decisions)
                    .filteredOn(decision -> decision.resultNow() instanceof Allowed)
                    .hasSize(10);
            assertThat(limiter.fallbacks() + other.fallbacks()).isZero();
        }
    }

    @Test
    void ofALimitInPortionsRedisIsToldOnceForEach() {
        take(1, new Bucket(PORTIONED, "load"));
        long before = limiter.commandsSeenByRedis();

        assertThat(take(100, new Bucket(PORTIONED, "load"))).allMatch(Allowed.class::isInstance);

        assertThat(limiter.commandsSeenByRedis() - before).isLessThan(50);
    }

    @Test
    void ofALimitInPortionsEachServerGrantsAtMostAPortionTooMuch() {
        try (TestLimiter other = new TestLimiter(redis, 1)) {
            Bucket bucket = new Bucket(PORTIONED, "load");

            long allowed = IntStream.range(0, 300)
                    .mapToObj(i -> (i % 2 == 0 ? limiter : other).acquire(List.of(bucket)))
                    .filter(Allowed.class::isInstance)
                    .count();

            assertThat(allowed).isBetween(PORTIONED.burst(), PORTIONED.burst() + 2 * PORTIONED.portion());
        }
    }

    @Test
    void aFloodAgainstAnEmptyBucketStaysInThisServer() {
        take(4, MALLORY);
        long before = limiter.commandsSeenByRedis();

        take(1000, MALLORY);

        assertThat(limiter.commandsSeenByRedis() - before).isLessThan(10);
    }

    @Test
    void redisLearnsNoAddressAndKeepsNothingForEver() {
        take(1, MALLORY);

        assertThat(limiter.keys()).hasSize(1).allSatisfy(key -> {
            assertThat(key).startsWith("gh:limit:").doesNotContain("192.0.2", "three");
            assertThat(limiter.timeToLive(key)).isBetween(1L, 200L);
        });
    }

    @Test
    void aChangedLimitBeginsAnew() {
        take(4, MALLORY);

        assertThat(limiter.acquire(List.of(new Bucket(new Limit("three", 4, 3, THREE.period()), MALLORY.key()))))
                .isInstanceOf(Allowed.class);
    }

    @Test
    void withoutRedisThisServerCountsForItself() {
        redis.kill();

        assertThat(take(3, MALLORY)).allMatch(Allowed.class::isInstance);
        assertThat(limiter.acquire(List.of(MALLORY))).isInstanceOf(Limited.class);
        assertThat(limiter.fallbacks()).isEqualTo(4);
    }

    @Test
    void aServerThatStartsWithoutRedisLimitsToo() {
        redis.kill();
        try (TestLimiter late = new TestLimiter(redis, 1)) {
            IntStream.range(0, 3).forEach(_ -> late.acquire(List.of(MALLORY)));

            assertThat(late.acquire(List.of(MALLORY))).isInstanceOf(Limited.class);
        }
    }

    @Test
    void whenRedisGoesAwayInTheMiddleLoginDoesNotOpenWide() {
        take(2, MALLORY);
        redis.kill();

        assertThat(take(50, MALLORY).stream().filter(Allowed.class::isInstance)).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void withoutRedisEachOfThreeServersGrantsAThird() {
        try (TestLimiter third = new TestLimiter(redis, 3)) {
            redis.kill();

            assertThat(third.acquire(List.of(MALLORY))).isInstanceOf(Allowed.class);
            assertThat(third.acquire(List.of(MALLORY))).isInstanceOf(Limited.class);
        }
    }

    @Test
    void aFrozenRedisHoldsUpOneCallerAndNotEveryOne() throws Exception {
        take(1, MALLORY);
        long before = limiter.commandsSeenByRedis();

        signal("-STOP");
        try {
            take(10, new Bucket(TEN, "frozen"));
        } finally {
            signal("-CONT");
        }

        assertThat(limiter.fallbacks()).isEqualTo(10);
        assertThat(limiter.commandsSeenByRedis() - before).isLessThan(5);
    }

    @Test
    void whenRedisIsBackLimitsAreSharedAgain() throws Exception {
        take(1, MALLORY);
        redis.kill();
        take(1, MALLORY);
        redis.restart();

        awaitSharedAgain();

        try (TestLimiter other = new TestLimiter(redis, 1)) {
            take(10, new Bucket(TEN, "shared"));
            assertThat(other.acquire(List.of(new Bucket(TEN, "shared")))).isInstanceOf(Limited.class);
        }
    }

    @Test
    void aRedisThatComesBackEmptyHandsOutNoFreshBudget() throws Exception {
        Bucket slow = new Bucket(new Limit("slow", 3, 1, Duration.ofDays(1)), MALLORY.key());
        take(3, slow);
        redis.kill();
        redis.restart();
        try (TestLimiter other = new TestLimiter(redis, 1)) {
            other.flush();
        }
        awaitSharedAgain();

        assertThat(limiter.keys()).hasSize(1);
        assertThat(limiter.acquire(List.of(slow))).isInstanceOf(Limited.class);
    }

    @Test
    void whileRedisGoesOneServerGrantsNoMoreThanTheLimit() {
        Bucket bucket = new Bucket(TEN, "flapping");
        List<Decision> decisions = new ArrayList<>(take(6, bucket));
        redis.kill();
        decisions.addAll(take(20, bucket));

        assertThat(decisions).filteredOn(Allowed.class::isInstance).hasSize(10);
    }

    @Test
    void aFloodFromManyAddressesAgainstOneNameStaysInThisServer() {
        IntStream.range(0, 10).forEach(i -> limiter.acquire(fromAddress(i)));
        long before = limiter.commandsSeenByRedis();

        IntStream.range(10, 1000).forEach(i -> limiter.acquire(fromAddress(i)));

        assertThat(limiter.commandsSeenByRedis() - before).isLessThan(10);
    }

    private static List<Bucket> fromAddress(int number) {
        return List.of(new Bucket(THREE, "192.0.2." + number), new Bucket(TEN, "victim"));
    }

    /** Lettuce reconnects when it sees fit. */
    private void awaitSharedAgain() throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            double before = limiter.fallbacks();
            limiter.pass(Duration.ofSeconds(2));
            limiter.acquire(List.of(new Bucket(THREE, "probe")));
            if (limiter.fallbacks() == before) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("limits stayed apart");
    }

    private List<Decision> take(int times, Bucket bucket) {
        return IntStream.range(0, times)
                .mapToObj(_ -> limiter.acquire(List.of(bucket)))
                .toList();
    }

    private void signal(String signal) throws Exception {
        new ProcessBuilder("kill", signal, Long.toString(redis.pid())).start().waitFor();
    }
}
