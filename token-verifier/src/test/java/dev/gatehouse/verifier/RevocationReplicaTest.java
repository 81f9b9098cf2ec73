package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.gatehouse.verifier.RevocationReplica.Next;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RevocationReplicaTest {

    private static final String ISSUER = "https://issuer.example";
    private static final List<Rule.Kind> KINDS = List.of(Rule.Kind.values());
    private static final long BOUND_MILLIS = 5_000;

    private final TestClock clock = new TestClock();
    private final Instant connected = clock.instant();
    private final AtomicInteger keysRevoked = new AtomicInteger();
    private final RevocationReplica replica =
            new RevocationReplica(settings(), clock.stopwatch(), keysRevoked::incrementAndGet);

    private static VerifierSettings settings() {
        return new VerifierSettings(
                ISSUER,
                "api",
                URI.create(ISSUER),
                null,
                false,
                Set.of(),
                Duration.ofSeconds(30),
                Duration.ofMillis(BOUND_MILLIS),
                StalenessPolicy.CLOSED,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                16 * 1024,
                16 * 1024 * 1024);
    }

    private static Map<String, Object> snapshot(String position, List<?> rules) {
        return Map.of("issuer", ISSUER, "position", position, "rules", rules);
    }

    private void load(String position, Map<?, ?>... rules) throws ParseException {
        replica.load(snapshot(position, List.of(rules)));
    }

    private Next rule(String id, Map<String, Object> rule) throws ParseException {
        return replica.apply(new FeedEvent(id, "rule", JSONObjectUtils.toJSONString(rule)));
    }

    private Next heartbeat(String position, Object age) throws ParseException {
        return replica.apply(new FeedEvent(
                null,
                "heartbeat",
                JSONObjectUtils.toJSONString(
                        Map.of("position", position, "age_ms", age, "elapsed_ms", sinceConnected()))));
    }

    /** What an issuer says that sends at once. */
    private long sinceConnected() {
        return Duration.between(connected, clock.instant()).toMillis();
    }

    private static RuleTarget token() {
        return token(Position.parse("5-10"), List.of());
    }

    private static RuleTarget token(@Nullable Position rev, List<RuleTarget.Origin> origins) {
        return new RuleTarget("token", "grant", "session", "key", "person", "client", rev, origins);
    }

    // What a rule refuses

    @ParameterizedTest
    @CsvSource({"jti,token", "grant_id,grant", "sid,session", "kid,key"})
    void aRuleRefusesTheTokensWithItsValueAndNoOthers(String kind, String value) throws ParseException {
        load("5-10");
        assertThat(rule("5-11", ScriptedFeed.rule(kind, "another"))).isEqualTo(Next.READ_ON);
        assertThat(replica.refuses(token())).isFalse();
        assertThat(rule("5-12", ScriptedFeed.rule(kind, value))).isEqualTo(Next.READ_ON);
        assertThat(replica.refuses(token())).isTrue();
    }

    @Test
    void aRuleOfOneKindDoesNotMatchAnother() throws ParseException {
        load("5-10");
        for (String value : List.of("token", "grant", "session", "key", "person", "client")) {
            Map<String, String> own = Map.of("token", "jti", "grant", "grant_id", "session", "sid", "key", "kid");
            for (String kind : List.of("jti", "grant_id", "sid", "kid")) {
                if (!kind.equals(own.get(value))) {
                    load("5-10", ScriptedFeed.rule(kind, value));
                }
            }
        }
        load("5-10", ScriptedFeed.cut("sub", "client", "9-9"), ScriptedFeed.cut("client_id", "person", "9-9"));
        assertThat(replica.refuses(token())).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"sub,person", "client_id,client"})
    void aCutRefusesTheTokensFromBeforeItsPosition(String kind, String value) throws ParseException {
        load("5-10", ScriptedFeed.cut(kind, value, "5-11"));
        assertThat(refuses("5-10")).isTrue();
        assertThat(refuses("5-11")).isFalse();
        assertThat(refuses("5-12")).isFalse();
        assertThat(refuses("4-99")).isTrue();
        assertThat(refuses("6-0")).isFalse();
        assertThat(refuses("5-9")).isTrue();
        assertThat(refuses("5-100")).isFalse();
        assertThat(refuses("5-18446744073709551615")).isFalse();
        assertThat(refuses("18446744073709551615-0")).isFalse();
    }

    private boolean refuses(@Nullable String rev) {
        return replica.refuses(token(Position.parse(rev), List.of()));
    }

    @Test
    void aTokenWhosePositionCannotBeReadIsRefusedByEveryCut() throws ParseException {
        load("5-10", ScriptedFeed.cut("sub", "person", "0-0"));
        assertThat(refuses(null)).isTrue();
        for (String bad : List.of("", "5", "5-", "-5", "5-1-2", " 5-1", "+5-1", "0x5-1", "99999999999999999999-1")) {
            assertThat(refuses(bad)).as(bad).isTrue();
        }
        assertThat(refuses("0-0")).isFalse();
    }

    @Test
    void theTokensThatATokenWasExchangedFromCountAsWell() throws ParseException {
        RuleTarget exchanged = token(
                Position.parse("5-10"),
                List.of(
                        new RuleTarget.Origin("first token", "first client", "first key"),
                        new RuleTarget.Origin("second token", "second client", "second key")));
        for (Map<String, Object> rule : List.of(
                ScriptedFeed.rule("jti", "second token"),
                ScriptedFeed.rule("kid", "first key"),
                ScriptedFeed.cut("client_id", "second client", "5-11"))) {
            RevocationReplica fresh = new RevocationReplica(settings(), clock.stopwatch(), () -> {});
            fresh.load(snapshot("5-10", List.of()));
            assertThat(fresh.refuses(exchanged)).isFalse();
            fresh.load(snapshot("5-10", List.of(rule)));
            assertThat(fresh.refuses(exchanged)).isTrue();
            assertThat(fresh.refuses(token())).isFalse();
        }
        load("5-10", ScriptedFeed.cut("client_id", "second client", "5-10"));
        assertThat(replica.refuses(exchanged)).isFalse();
    }

    @Test
    void aRuleAgainstAKeyAsksForNewKeys() throws ParseException {
        load("5-10", ScriptedFeed.rule("jti", "a"));
        assertThat(keysRevoked).hasValue(0);
        assertThat(rule("5-11", ScriptedFeed.rule("kid", "key"))).isEqualTo(Next.READ_ON);
        assertThat(keysRevoked).hasValue(1);
    }

    // The order of entries

    @Test
    void entriesAreAppliedInTheirOrder() throws ParseException {
        load("5-10");
        assertThat(rule("5-11", ScriptedFeed.rule("jti", "a"))).isEqualTo(Next.READ_ON);
        assertThat(rule("5-12", ScriptedFeed.rule("jti", "b"))).isEqualTo(Next.READ_ON);
        assertThat(replica.position()).isEqualTo(new Position(5, 12));
        assertThat(replica.size()).isEqualTo(2);
    }

    @Test
    void anEntryThatWasAppliedAlreadyIsIgnored() throws ParseException {
        load("5-10");
        for (String id : List.of("5-11", "5-11", "5-10", "5-1", "4-99", "5-11")) {
            assertThat(rule(id, ScriptedFeed.rule("jti", id))).isEqualTo(Next.READ_ON);
        }
        assertThat(replica.position()).isEqualTo(new Position(5, 11));
        assertThat(replica.size()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5-12", "5-13", "6-11", "6-1", "18446744073709551615-0"})
    void anEntryOutOfOrderAsksForASnapshotAndIsNotApplied(String id) throws ParseException {
        load("5-10", ScriptedFeed.rule("jti", "a"));
        assertThat(rule(id, ScriptedFeed.rule("jti", "token"))).isEqualTo(Next.TAKE_SNAPSHOT);
        assertThat(replica.position()).isEqualTo(new Position(5, 10));
        assertThat(replica.size()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5-11", "5-9", "6-0", "6-10", "4-10"})
    void aHeartbeatElsewhereAsksForASnapshotAndProvesNothing(String position) throws ParseException {
        load("5-10");
        assertThat(heartbeat(position, 0)).isEqualTo(Next.TAKE_SNAPSHOT);
        assertThat(replica.isReady()).isFalse();
    }

    @Test
    void theIssuerMayAskForASnapshotOrANewConnection() throws ParseException {
        load("5-10");
        assertThat(replica.apply(new FeedEvent(null, "reset", "{\"position\":\"6-0\"}")))
                .isEqualTo(Next.TAKE_SNAPSHOT);
        assertThat(replica.apply(new FeedEvent(null, "reconnect", "{}"))).isEqualTo(Next.CONNECT_AGAIN);
    }

    @Test
    void whatIsNotKnownIsIgnored() throws ParseException {
        load("5-10");
        assertThat(replica.apply(new FeedEvent("7-7", "weather", "rain"))).isEqualTo(Next.READ_ON);
        Map<String, Object> rule = new HashMap<>(ScriptedFeed.rule("jti", "token"));
        rule.put("colour", "red");
        assertThat(rule("5-11", rule)).isEqualTo(Next.READ_ON);
        assertThat(replica.refuses(token())).isTrue();
    }

    @Test
    void eventsThatCannotBeReadAreAnErrorAndChangeNothing() throws ParseException {
        load("5-10");
        for (FeedEvent bad : List.of(
                new FeedEvent(null, "rule", "{\"kind\":\"jti\",\"value\":\"token\",\"expires\":1}"),
                new FeedEvent("eleven", "rule", "{}"),
                new FeedEvent("5-11", "rule", "nothing"),
                new FeedEvent("5-11", "rule", "null"),
                new FeedEvent("5-11", "rule", "[]"),
                new FeedEvent("5-11", "heartbeat", "null"),
                new FeedEvent("5-11", "heartbeat", "{}"),
                new FeedEvent("5-11", "heartbeat", "{\"position\":\"5-10\"}"),
                new FeedEvent("5-11", "heartbeat", "{\"position\":\"5-10\",\"age_ms\":\"0\"}"))) {
            assertThatExceptionOfType(ParseException.class).as(bad.toString()).isThrownBy(() -> replica.apply(bad));
        }
        assertThat(replica.position()).isEqualTo(new Position(5, 10));
        assertThat(replica.isReady()).isFalse();
        assertThat(replica.size()).isZero();
    }

    // Snapshots

    @Test
    void aSnapshotThatCannotBeReadIsRefusedWhole() throws ParseException {
        load("5-10");
        Map<String, Object> good = ScriptedFeed.rule("jti", "token");
        for (Map<String, Object> bad : List.<Map<String, Object>>of(
                Map.of(),
                Map.of("issuer", "https://other.example", "position", "5-20", "rules", List.of(good)),
                Map.of("position", "5-20", "rules", List.of(good)),
                Map.of("issuer", ISSUER, "rules", List.of(good)),
                Map.of("issuer", ISSUER, "position", 5, "rules", List.of(good)),
                Map.of("issuer", ISSUER, "position", "5-20"),
                snapshot("5-20", List.of(good, "rule")),
                snapshot("5-20", Arrays.asList(good, null)))) {
            assertThatExceptionOfType(ParseException.class).as(bad.toString()).isThrownBy(() -> replica.load(bad));
            assertThat(replica.refuses(token())).isFalse();
            assertThat(replica.position()).isEqualTo(new Position(5, 10));
        }
    }

    @Test
    void aSnapshotOfALogThatLostItsEndRevivesNoToken() throws ParseException {
        load("5-10", ScriptedFeed.rule("jti", "token"));
        load("6-0");
        assertThat(replica.position()).isEqualTo(new Position(6, 0));
        assertThat(replica.refuses(token())).isTrue();
        load("5-3");
        assertThat(replica.refuses(token())).isTrue();
    }

    @Test
    void aNarrowerCutTakesNothingBack() throws ParseException {
        load("5-10", ScriptedFeed.cut("sub", "person", "5-11"));
        load("5-10", ScriptedFeed.cut("sub", "person", "5-3"));
        assertThat(refuses("5-10")).isTrue();
        load("5-10", ScriptedFeed.cut("sub", "person", "6-0"));
        assertThat(refuses("5-99")).isTrue();
    }

    // Staleness

    @Test
    void nothingIsReadyBeforeTheFirstHeartbeat() throws ParseException {
        assertThat(replica.isReady()).isFalse();
        assertThat(replica.isFresh()).isFalse();
        load("5-10");
        assertThat(replica.isReady()).isFalse();
        assertThat(replica.isFresh()).isFalse();
        clock.advance(Duration.ofSeconds(2));
        assertThat(replica.staleness()).isEqualTo(Duration.ofSeconds(2));
        assertThat(heartbeat("5-10", 4)).isEqualTo(Next.READ_ON);
        assertThat(replica.isReady()).isTrue();
        assertThat(replica.isFresh()).isTrue();
        assertThat(replica.staleness()).isEqualTo(Duration.ofMillis(4));
    }

    @Test
    void stalenessIsTheTimeSinceTheLastHeartbeatPlusItsAge() throws ParseException {
        load("5-10");
        assertThat(heartbeat("5-10", 400)).isEqualTo(Next.READ_ON);
        clock.advance(Duration.ofMillis(BOUND_MILLIS - 400));
        assertThat(replica.staleness()).isEqualTo(Duration.ofMillis(BOUND_MILLIS));
        assertThat(replica.isFresh()).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(replica.staleness()).isEqualTo(Duration.ofMillis(BOUND_MILLIS + 1));
        assertThat(replica.isFresh()).isFalse();
        assertThat(replica.isReady()).isTrue();
        assertThat(heartbeat("5-10", 0)).isEqualTo(Next.READ_ON);
        assertThat(replica.isFresh()).isTrue();
    }

    /** A heartbeat that the issuer sent so long after the request, by its own clock. */
    private Next heartbeatAfter(Duration elapsed) throws ParseException {
        return replica.apply(new FeedEvent(
                null,
                "heartbeat",
                JSONObjectUtils.toJSONString(
                        Map.of("position", "5-10", "age_ms", 0, "elapsed_ms", elapsed.toMillis()))));
    }

    @Test
    void aHeartbeatFromBeforeThisProcessStoodStillDoesNotMakeTheCopyFresh() throws ParseException {
        load("5-10");
        replica.connecting();
        clock.advance(Duration.ofSeconds(1));
        assertThat(heartbeatAfter(Duration.ofSeconds(1))).isEqualTo(Next.READ_ON);
        clock.advance(Duration.ofMinutes(3));
        assertThat(replica.isFresh()).isFalse();
        assertThat(heartbeatAfter(Duration.ofSeconds(2))).isEqualTo(Next.CONNECT_AGAIN);
        assertThat(replica.isFresh()).isFalse();
        assertThat(replica.staleness()).isEqualTo(Duration.ofMinutes(3));
        replica.connecting();
        assertThat(replica.isFresh()).isFalse();
        assertThat(heartbeatAfter(Duration.ZERO)).isEqualTo(Next.READ_ON);
        assertThat(replica.staleness()).isEqualTo(Duration.ZERO);
    }

    @Test
    void theTimeThatAHeartbeatWasHeldBackCountsUpToHalfTheBound() throws ParseException {
        load("5-10");
        replica.connecting();
        clock.advance(Duration.ofMillis(10_000 + BOUND_MILLIS / 2));
        assertThat(heartbeatAfter(Duration.ofSeconds(10))).isEqualTo(Next.READ_ON);
        assertThat(replica.staleness()).isEqualTo(Duration.ofMillis(BOUND_MILLIS / 2));
        assertThat(heartbeatAfter(Duration.ofMillis(9_999))).isEqualTo(Next.CONNECT_AGAIN);
        assertThat(replica.staleness()).isEqualTo(Duration.ofMillis(BOUND_MILLIS / 2));
    }

    @Test
    void anIssuerWhoseClockRunsFastDoesNotMakeALateHeartbeatLookNew() throws ParseException {
        load("5-10");
        replica.connecting();
        Duration elapsed = Duration.ZERO;
        for (int hour = 0; hour < 24; hour++) {
            clock.advance(Duration.ofHours(1));
            elapsed = elapsed.plusHours(1).plusMillis(200);
            assertThat(heartbeatAfter(elapsed)).isEqualTo(Next.READ_ON);
            assertThat(replica.staleness()).isEqualTo(Duration.ZERO);
        }
        clock.advance(Duration.ofSeconds(2));
        assertThat(heartbeatAfter(elapsed)).isEqualTo(Next.READ_ON);
        assertThat(replica.staleness()).isEqualTo(Duration.ofSeconds(2));
        clock.advance(Duration.ofSeconds(2));
        assertThat(heartbeatAfter(elapsed)).isEqualTo(Next.CONNECT_AGAIN);
        replica.connecting();
        assertThat(heartbeatAfter(Duration.ZERO)).isEqualTo(Next.READ_ON);
        assertThat(replica.staleness()).isEqualTo(Duration.ZERO);
    }

    @Test
    void rulesAloneDoNotMakeTheCopyFresh() throws ParseException {
        load("5-10");
        assertThat(heartbeat("5-10", 0)).isEqualTo(Next.READ_ON);
        clock.advance(Duration.ofMillis(BOUND_MILLIS + 1));
        assertThat(rule("5-11", ScriptedFeed.rule("jti", "a"))).isEqualTo(Next.READ_ON);
        assertThat(replica.isFresh()).isFalse();
    }

    @Test
    void anAgeOutOfAllBoundsIsNoAdvantage() throws ParseException {
        load("5-10");
        assertThat(heartbeat("5-10", -10_000)).isEqualTo(Next.READ_ON);
        assertThat(replica.staleness()).isEqualTo(Duration.ZERO);
        assertThat(heartbeat("5-10", Long.MAX_VALUE)).isEqualTo(Next.READ_ON);
        clock.advance(Duration.ofSeconds(1));
        assertThat(replica.isFresh()).isFalse();
        assertThat(replica.staleness().toMillis()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\":\"colour\",\"value\":\"red\",\"expires\":%d}",
                "{\"kind\":\"jti\",\"value\":1,\"expires\":%d}",
                "{\"value\":\"red\",\"expires\":%d}",
                "{\"kind\":\"sub\",\"value\":\"person\",\"expires\":%d}",
                "{\"kind\":\"sub\",\"value\":\"person\",\"before\":\"then\",\"expires\":%d}"
            })
    void aRuleThatCannotBeEnforcedMakesTheCopyStaleUntilItExpiresOrASnapshotComes(String form) throws ParseException {
        long expires = clock.second() + 100;
        String data = form.formatted(expires);
        load("5-10");
        assertThat(heartbeat("5-10", 0)).isEqualTo(Next.READ_ON);
        assertThat(replica.apply(new FeedEvent("5-11", "rule", data))).isEqualTo(Next.READ_ON);
        assertThat(heartbeat("5-11", 0)).isEqualTo(Next.READ_ON);
        assertThat(replica.isFresh()).isFalse();
        load("5-11");
        assertThat(replica.isFresh()).isTrue();

        load("5-11", JSONObjectUtils.parse(data));
        assertThat(replica.isFresh()).isFalse();
        clock.advance(Duration.ofSeconds(129));
        assertThat(heartbeat("5-11", 0)).isEqualTo(Next.READ_ON);
        assertThat(replica.isFresh()).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(heartbeat("5-11", 0)).isEqualTo(Next.READ_ON);
        assertThat(replica.isFresh()).isTrue();
    }

    @Test
    void aRuleWithoutAnEndMakesTheCopyStale() throws ParseException {
        load("5-10", Map.of("kind", "jti", "value", "token"));
        assertThat(heartbeat("5-10", 0)).isEqualTo(Next.READ_ON);
        assertThat(replica.isFresh()).isFalse();
    }

    @Test
    void aRuleIsForgottenOnceNoTokenCouldNeedIt() throws ParseException {
        load(
                "5-10",
                Map.of("kind", "jti", "value", "token", "expires", clock.second() + 100),
                ScriptedFeed.rule("sid", "s"));
        clock.advance(Duration.ofSeconds(129));
        assertThat(heartbeat("5-10", 0)).isEqualTo(Next.READ_ON);
        assertThat(replica.refuses(token())).isTrue();
        clock.advance(Duration.ofSeconds(31));
        assertThat(heartbeat("5-10", 0)).isEqualTo(Next.READ_ON);
        assertThat(replica.refuses(token())).isFalse();
        assertThat(replica.size()).isEqualTo(1);
    }

    @Test
    void theLaterOfTwoExpiriesHolds() throws ParseException {
        load("5-10", Map.of("kind", "jti", "value", "token", "expires", clock.second() + 1_000));
        load("5-10", Map.of("kind", "jti", "value", "token", "expires", clock.second() + 1));
        clock.advance(Duration.ofSeconds(500));
        assertThat(heartbeat("5-10", 0)).isEqualTo(Next.READ_ON);
        assertThat(replica.refuses(token())).isTrue();
    }

    // Any order

    @Test
    void rulesAddedInAnyOrderAnyNumberOfTimesGiveTheSameAnswersAndNoneIsTakenBack() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<Rule> rules = rules(random);
            List<RuleTarget> tokens = tokens(random);
            Rules once = new HashedRules();
            for (Rule rule : rules) {
                List<RuleTarget> refused = tokens.stream().filter(once::refuse).toList();
                once.add(rule);
                assertThat(refused).allMatch(once::refuse);
            }
            List<Rule> shuffled = new ArrayList<>(rules);
            shuffled.addAll(rules.subList(0, random.nextInt(rules.size())));
            Collections.shuffle(shuffled, random);
            Rules again = new HashedRules();
            shuffled.forEach(again::add);
            long second = random.nextLong(200);
            for (RuleTarget token : tokens) {
                assertThat(again.refuse(token)).isEqualTo(once.refuse(token)).isEqualTo(refusedByHand(rules, token));
            }
            once.forget(second);
            again.forget(second);
            assertThat(again.size()).isEqualTo(once.size());
            assertThat(tokens).allMatch(token -> again.refuse(token) == once.refuse(token));
        }
    }

    private static List<Rule> rules(Random random) {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Rule.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
            String value = "v" + random.nextInt(8);
            long expires = random.nextInt(200);
            rules.add(
                    kind == Rule.Kind.SUB || kind == Rule.Kind.CLIENT_ID
                            ? new Rule.Cut(kind, value, position(random), expires)
                            : new Rule.Match(kind, value, expires));
        }
        return rules;
    }

    private static Position position(Random random) {
        return new Position(random.nextInt(3), random.nextInt(5));
    }

    private static List<RuleTarget> tokens(Random random) {
        List<RuleTarget> tokens = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            tokens.add(new RuleTarget(
                    "v" + random.nextInt(40),
                    random.nextBoolean() ? null : "v" + random.nextInt(40),
                    random.nextBoolean() ? null : "v" + random.nextInt(40),
                    "v" + random.nextInt(40),
                    "v" + random.nextInt(40),
                    "v" + random.nextInt(40),
                    random.nextInt(4) == 0 ? null : position(random),
                    random.nextBoolean()
                            ? List.of()
                            : List.of(new RuleTarget.Origin(
                                    "v" + random.nextInt(40), "v" + random.nextInt(40), "v" + random.nextInt(40)))));
        }
        return tokens;
    }

    /** The page on the feed, word for word. */
    private static boolean refusedByHand(List<Rule> rules, RuleTarget token) {
        List<String> jtis = new ArrayList<>(List.of(token.jti()));
        List<String> kids = new ArrayList<>(List.of(token.kid()));
        List<String> clients = new ArrayList<>(List.of(token.clientId()));
        for (RuleTarget.Origin origin : token.origins()) {
            jtis.add(String.valueOf(origin.jti()));
            kids.add(String.valueOf(origin.kid()));
            clients.add(String.valueOf(origin.clientId()));
        }
        for (Rule rule : rules) {
            boolean matches = false;
            if (rule instanceof Rule.Match match) {
                matches = switch (match.kind()) {
                    case JTI -> jtis.contains(match.value());
                    case KID -> kids.contains(match.value());
                    case GRANT_ID -> match.value().equals(token.grantId());
                    case SID -> match.value().equals(token.sid());
                    default -> false;
                };
            } else if (rule instanceof Rule.Cut cut) {
                Position rev = token.rev();
                boolean from = rev == null || rev.compareTo(cut.before()) < 0;
                matches = from
                        && (cut.kind() == Rule.Kind.SUB
                                ? cut.value().equals(token.sub())
                                : clients.contains(cut.value()));
            }
            if (matches) {
                return true;
            }
        }
        return false;
    }
}
