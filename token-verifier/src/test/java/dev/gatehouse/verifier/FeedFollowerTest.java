package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FeedFollowerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestClock clock = new TestClock();
    private final ScriptedIssuer issuer = new ScriptedIssuer(clock);
    private final ScriptedFeed feed = issuer.feed();
    private final CountDownLatch latch = new CountDownLatch(1);
    private final RevocationReplica replica = new RevocationReplica(issuer.settings(), clock.stopwatch(), () -> {});
    private final IssuerEndpoints endpoints = new IssuerEndpoints(issuer.settings(), issuer.client());
    private final Acknowledgements acknowledgements =
            new Acknowledgements("pod-1", endpoints, issuer.client(), clock::nanos);
    private final SigningKeys keys = new SigningKeys(
            issuer.settings(),
            issuer.providers(),
            endpoints,
            issuer.client(),
            replica::isFresh,
            clock::nanos,
            new Random(1));
    private final FeedFollower follower = new FeedFollower(
            replica, keys, acknowledgements, "pod-1", endpoints, issuer.client(), clock.stopwatch(), new Random(1));
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger().addAppender(logged);
    }

    @AfterEach
    void stop() {
        logger().detachAppender(logged);
        latch.countDown();
        follower.close();
        acknowledgements.close();
        keys.close();
        issuer.close();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(FeedFollower.class);
    }

    private List<String> logged(Level level) {
        return List.copyOf(logged.list).stream()
                .filter(event -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private void start() {
        follower.start();
        await().atMost(PATIENCE).until(replica::isFresh);
    }

    private void awaitRefused(String jti) {
        await().atMost(PATIENCE).until(() -> refuses(jti));
    }

    private boolean refuses(String jti) {
        return replica.refuses(new RuleTarget(jti, null, null, "key", "person", "web", null, List.of()));
    }

    private void awaitCaughtUp() {
        await().atMost(PATIENCE)
                .until(() -> replica.position().toString().equals(feed.position()) && replica.isFresh());
    }

    private int snapshots() {
        return issuer.requests(ScriptedIssuer.SNAPSHOT);
    }

    private int connections() {
        return issuer.requests(ScriptedIssuer.FEED);
    }

    private void awaitConnections(int atLeast) {
        await().atMost(PATIENCE).until(() -> connections() >= atLeast && feed.connected() > 0);
    }

    @Test
    void theRulesOfTheSnapshotHoldAndThenThoseOfTheFeed() {
        feed.revoke("jti", "early");
        start();
        assertThat(refuses("early")).isTrue();
        assertThat(refuses("late")).isFalse();
        feed.revoke("jti", "late");
        awaitRefused("late");
        assertThat(snapshots()).isEqualTo(1);
        assertThat(connections()).isEqualTo(1);
        assertThat(feed.lastEventIds()).containsExactly("1763900000000-1");
    }

    @Test
    void nothingIsReadyBeforeTheFirstHeartbeat() {
        feed.pause();
        feed.revoke("jti", "early");
        follower.start();
        awaitConnections(1);
        awaitRefused("early");
        assertThat(replica.isReady()).isFalse();
        feed.resume();
        await().atMost(PATIENCE).until(replica::isReady);
    }

    @Test
    void nothingIsReadyBeforeTheFirstSnapshot() {
        issuer.answer(ScriptedIssuer.SNAPSHOT, Answers.status(503));
        follower.start();
        await().atMost(PATIENCE).until(() -> snapshots() >= 3);
        assertThat(replica.isReady()).isFalse();
        assertThat(connections()).isZero();
        issuer.answerAuthorized(ScriptedIssuer.SNAPSHOT, feed::snapshot);
        await().atMost(PATIENCE).until(replica::isFresh);
    }

    @Test
    void aConnectionThatEndsIsTakenUpAgainFromTheLastEntry() {
        start();
        feed.revoke("jti", "one");
        awaitRefused("one");
        feed.drop();
        feed.revoke("jti", "two");
        awaitRefused("two");
        awaitConnections(2);
        assertThat(snapshots()).isEqualTo(1);
        assertThat(feed.lastEventIds().get(1)).startsWith("1763900000000-");
        assertThat(feed.lastEventIds().get(1)).isNotEqualTo("1763900000000-0");
    }

    @Test
    void aHeartbeatThatWasHeldBackCountsAsOldAndOneThatIsTooLateNotAtAll() {
        start();
        feed.pause();
        clock.advance(Duration.ofSeconds(2));
        feed.beatLate(Duration.ofSeconds(2));
        clock.advance(Duration.ofMillis(500));
        await().atMost(PATIENCE).until(() -> replica.staleness().equals(Duration.ofMillis(2500)));
        clock.advance(Duration.ofMillis(500));
        feed.beatLate(Duration.ofMillis(2501));
        awaitConnections(2);
        assertThat(replica.staleness()).isEqualTo(Duration.ofSeconds(3));
        feed.resume();
        awaitCaughtUp();
        assertThat(replica.staleness()).isEqualTo(Duration.ZERO);
    }

    @Test
    void theIssuerIsToldWhatWasAppliedUnderTheNameOfTheFeed() {
        acknowledgements.start();
        start();
        feed.revoke("jti", "one");
        await().atMost(PATIENCE).until(() -> issuer.acknowledgements().size() == 1);
        assertThat(issuer.acknowledgements())
                .containsExactly("verifier=pod-1&position=1763900000000-1&first=1763900000000-1&held_ms=0");
        feed.revoke("jti", "two");
        feed.revoke("jti", "three");
        await().atMost(PATIENCE)
                .until(() ->
                        issuer.acknowledgements().stream().anyMatch(form -> form.contains("position=1763900000000-3")));
        assertThat(issuer.acknowledgements().get(1)).contains("first=1763900000000-2");
        assertThat(snapshots()).isEqualTo(1);
    }

    @Test
    void whatCouldNotBeToldIsToldLaterAndDisturbsNothing() {
        issuer.answer(ScriptedIssuer.APPLIED, Answers.status(503));
        acknowledgements.start();
        start();
        feed.revoke("jti", "one");
        await().atMost(PATIENCE).until(() -> issuer.requests(ScriptedIssuer.APPLIED) == 1);
        assertThat(refuses("one")).isTrue();
        CountDownLatch told = new CountDownLatch(1);
        issuer.answer(ScriptedIssuer.APPLIED, exchange -> {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
            if (form.contains("first=1763900000000-1")) {
                told.countDown();
            }
        });
        await().atMost(PATIENCE).until(() -> told.getCount() == 0);
        assertThat(connections()).isEqualTo(1);
    }

    @Test
    void aSnapshotThatCannotBeHadIsAskedForLessAndLessOften() {
        issuer.answer(ScriptedIssuer.FEED, Answers.status(500));
        follower.start();
        await().atMost(PATIENCE).until(() -> connections() >= 6);
        assertThat(logged(Level.WARN)).hasSize(1);
        long begun = System.nanoTime();
        int before = connections();
        await().atMost(PATIENCE).until(() -> connections() == before + 1);
        await().atMost(PATIENCE).until(() -> connections() == before + 2);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(900));
    }

    @Test
    void aFeedThatOpensAndGoesNoFurtherIsTriedLessAndLessOften() {
        issuer.answer(ScriptedIssuer.FEED, stream("event: reset\ndata: {\"position\":\"1763900000000-0\"}\n\n"));
        follower.start();
        await().atMost(PATIENCE).until(() -> snapshots() >= 6);
        long begun = System.nanoTime();
        int before = snapshots();
        await().atMost(PATIENCE).until(() -> snapshots() >= before + 2);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(900));
    }

    @Test
    void aLogThatIsOutOfOrderDoesNotEndTheFollower() {
        AppenderBase<ILoggingEvent> broken = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                throw new StackOverflowError();
            }
        };
        broken.start();
        logger().addAppender(broken);
        try {
            issuer.answer(ScriptedIssuer.SNAPSHOT, Answers.status(503));
            follower.start();
            await().atMost(PATIENCE).until(() -> snapshots() >= 2);
        } finally {
            logger().detachAppender(broken);
        }
        issuer.answerAuthorized(ScriptedIssuer.SNAPSHOT, feed::snapshot);
        await().atMost(PATIENCE).until(replica::isFresh);
    }

    @Test
    void theDelaysGrowToTwoSecondsAndAreNotTheSameForAll() {
        Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2), new Random(1));
        for (long ceiling : List.of(50L, 100L, 200L, 400L, 800L, 1600L, 2000L, 2000L)) {
            assertThat(backoff.next()).isBetween(Duration.ofMillis(ceiling / 2), Duration.ofMillis(ceiling));
        }
        assertThat(Stream.generate(backoff::next).limit(100).distinct().count()).isGreaterThan(10);
        backoff.reset();
        assertThat(backoff.next()).isBetween(Duration.ofMillis(25), Duration.ofMillis(50));
    }

    @Test
    void anErrorInTheFollowerDoesNotEndIt() {
        AtomicInteger marks = new AtomicInteger();
        FeedFollower fragile = new FeedFollower(
                replica,
                keys,
                acknowledgements,
                "pod-1",
                endpoints,
                issuer.client(),
                new Stopwatch(clock, () -> {
                    if (marks.incrementAndGet() == 1) {
                        throw new StackOverflowError();
                    }
                    return clock.nanos();
                }),
                new Random(1));
        fragile.start();
        await().atMost(PATIENCE).until(replica::isFresh);
        fragile.close();
    }

    @Test
    void anIssuerThatIsAboutToStopIsLeftAtOnce() {
        start();
        feed.send("event: reconnect\ndata: {}\n\n");
        awaitConnections(2);
        awaitCaughtUp();
        assertThat(snapshots()).isEqualTo(1);
    }

    @Test
    void aMissedEntryIsMadeUpForByASnapshot() {
        start();
        feed.pause();
        feed.appendUnsent(ScriptedFeed.rule("jti", "missed"));
        feed.append(ScriptedFeed.rule("jti", "seen"));
        feed.resume();
        awaitRefused("missed");
        awaitRefused("seen");
        assertThat(snapshots()).isEqualTo(2);
    }

    @Test
    void aHeartbeatAheadIsMadeUpForByASnapshot() {
        start();
        feed.appendUnsent(ScriptedFeed.rule("jti", "missed"));
        awaitRefused("missed");
        assertThat(snapshots()).isEqualTo(2);
    }

    @Test
    void aNewEpochIsMetWithASnapshotAndKeepsWhatIsRefused() {
        start();
        feed.revoke("jti", "old");
        awaitRefused("old");
        feed.beginEpoch();
        feed.revoke("jti", "new");
        awaitRefused("new");
        awaitCaughtUp();
        assertThat(refuses("old")).isTrue();
        assertThat(snapshots()).isEqualTo(2);
        assertThat(replica.position().epoch()).isEqualTo(1_763_900_001_000L);
    }

    @Test
    void aResetIsMetWithASnapshot() {
        start();
        feed.drop();
        feed.beginEpoch();
        awaitCaughtUp();
        assertThat(snapshots()).isEqualTo(2);
        feed.send("event: reset\ndata: {\"position\":\"" + feed.position() + "\"}\n\n");
        await().atMost(PATIENCE).until(() -> snapshots() == 3);
        awaitCaughtUp();
    }

    @Test
    void entriesThatComeTwiceOrLateChangeNothing() {
        start();
        feed.revoke("jti", "one");
        feed.revoke("jti", "two");
        awaitRefused("two");
        feed.send(ScriptedFeed.entry("1763900000000-1", ScriptedFeed.rule("jti", "one")));
        feed.send(ScriptedFeed.entry("1763900000000-2", ScriptedFeed.rule("jti", "two")));
        feed.send(ScriptedFeed.entry("1763900000000-1", ScriptedFeed.rule("jti", "one")));
        feed.revoke("jti", "three");
        awaitRefused("three");
        assertThat(snapshots()).isEqualTo(1);
        assertThat(connections()).isEqualTo(1);
    }

    @Test
    void whileASnapshotIsAwaitedTheOldRulesStayInForce() {
        feed.revoke("jti", "old");
        start();
        issuer.answer(ScriptedIssuer.SNAPSHOT, Answers.held(latch, feed::snapshot));
        feed.beginEpoch();
        await().atMost(PATIENCE).until(() -> snapshots() == 2);
        assertThat(refuses("old")).isTrue();
        clock.advance(Duration.ofSeconds(6));
        assertThat(replica.isFresh()).isFalse();
        assertThat(refuses("old")).isTrue();
        latch.countDown();
        awaitCaughtUp();
    }

    @Test
    void aConnectionThatCarriesNothingIsGivenUp() {
        start();
        feed.pause();
        awaitConnections(2);
        assertThat(snapshots()).isEqualTo(1);
        feed.resume();
        awaitCaughtUp();
    }

    @Test
    void aProcessThatStoodStillDoesNotBelieveWhatHasPiledUp() {
        start();
        clock.advance(Duration.ofSeconds(60));
        awaitConnections(2);
        awaitCaughtUp();
    }

    @Test
    void whatIsNoFeedIsTriedAgain() {
        HttpHandler real = feed::follow;
        for (HttpHandler nonsense : List.of(
                Answers.status(500),
                Answers.status(302),
                Answers.text("{}"),
                Answers.endless(latch),
                stream("data: " + "x".repeat(100_000)),
                stream("id: 5\nevent: rule\ndata: {}\n\n"),
                stream("event: heartbeat\ndata: null\n\n"),
                stream("event: heartbeat\ndata: " + "[".repeat(60_000) + "\n\n"))) {
            int before = connections();
            issuer.answer(ScriptedIssuer.FEED, nonsense);
            if (before == 0) {
                follower.start();
            }
            feed.drop();
            await().atMost(PATIENCE).until(() -> connections() >= before + 2);
        }
        assertThat(replica.isReady()).isFalse();
        issuer.answerAuthorized(ScriptedIssuer.FEED, real);
        awaitCaughtUp();
    }

    private static HttpHandler stream(String text) {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        };
    }

    @Test
    void aSnapshotThatIsNoneIsTriedAgainAndTheRulesHeldStay() {
        feed.revoke("jti", "old");
        start();
        feed.beginEpoch();
        for (HttpHandler nonsense : List.of(
                Answers.status(500),
                Answers.text("null"),
                Answers.text("[]"),
                Answers.text("{\"issuer\":\"https://other.example\",\"position\":\"9-9\",\"rules\":[]}"),
                Answers.text("{\"rules\":[null]}"))) {
            int before = snapshots();
            issuer.answer(ScriptedIssuer.SNAPSHOT, nonsense);
            await().atMost(PATIENCE).until(() -> snapshots() >= before + 2);
            assertThat(refuses("old")).isTrue();
        }
        issuer.answerAuthorized(ScriptedIssuer.SNAPSHOT, feed::snapshot);
        awaitCaughtUp();
        assertThat(refuses("old")).isTrue();
    }

    @Test
    void refusedCredentialsAreSaidPlainlyOnceAndTriedSlowly() {
        issuer.answer(ScriptedIssuer.SNAPSHOT, Answers.status(401));
        follower.start();
        await().atMost(PATIENCE).until(() -> !logged(Level.ERROR).isEmpty());
        assertThat(logged(Level.ERROR))
                .singleElement()
                .asString()
                .contains(
                        ScriptedIssuer.SNAPSHOT + " answered 401",
                        "the issuer does not accept this service's own client id and secret")
                .doesNotContain(ScriptedIssuer.SECRET);
        await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> snapshots() == 2);
        assertThat(replica.isReady()).isFalse();
    }

    @Test
    void credentialsRefusedOnceAreTriedAgainAtOnce() {
        start();
        HttpHandler real = feed::follow;
        issuer.answer(ScriptedIssuer.FEED, exchange -> {
            issuer.answerAuthorized(ScriptedIssuer.FEED, real);
            Answers.status(401).handle(exchange);
        });
        feed.drop();
        awaitConnections(3);
        awaitCaughtUp();
        assertThat(logged(Level.ERROR)).isEmpty();
    }

    @Test
    void oneTroubleIsOneLineInTheLogAndItsEndAnother() {
        issuer.answer(ScriptedIssuer.SNAPSHOT, Answers.status(503));
        follower.start();
        await().atMost(PATIENCE).until(() -> snapshots() >= 4);
        assertThat(logged(Level.WARN)).hasSize(1);
        issuer.answerAuthorized(ScriptedIssuer.SNAPSHOT, feed::snapshot);
        await().atMost(PATIENCE).until(() -> logged(Level.INFO).size() == 1);
    }

    @Test
    void onceClosedNothingMoreIsAskedFor() {
        start();
        follower.close();
        await().atMost(PATIENCE).until(() -> !threadAlive());
        int before = connections();
        feed.drop();
        feed.revoke("jti", "late");
        assertThat(connections()).isEqualTo(before);
        assertThat(refuses("late")).isFalse();
    }

    private static boolean threadAlive() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("gatehouse-revocations"));
    }
}
