package dev.gatehouse.server.revocation;

import static dev.gatehouse.server.revocation.TestIssuers.soon;
import static dev.gatehouse.server.revocation.TestIssuers.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.server.revocation.Journal.Entries;
import dev.gatehouse.server.revocation.TestIssuers.TestIssuer;
import dev.gatehouse.server.token.AccessTokenClaims;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.core.script.RedisScript;

class RevocationLogTest {
    private static final List<RuleKind> KINDS = List.of(RuleKind.values());

    private final TestIssuers issuers = new TestIssuers();

    @AfterEach
    void stop() {
        issuers.close();
    }

    private static List<String> ids(TestIssuer issuer) {
        List<MapRecord<String, Object, Object>> records =
                issuer.redis.opsForStream().range(LogScripts.LOG_KEY, Range.unbounded());
        return records == null
                ? List.of()
                : records.stream().map(record -> record.getId().getValue()).toList();
    }

    private static List<LogEntry> entries(TestIssuer issuer, LogPosition after) {
        return issuer.replica.journal().after(after, 100_000) instanceof Entries page ? page.entries() : List.of();
    }

    private static LogPosition beginning(TestIssuer issuer) {
        return new LogPosition(issuer.replica.position().epoch(), 0);
    }

    @Test
    void theFirstIssuerBeginsAnEpochAndTheOthersJoinIt() {
        TestIssuer first = issuers.start();
        TestIssuer second = issuers.start();
        assertThat(first.replica.position())
                .isEqualTo(new LogPosition(issuers.now().toEpochMilli(), 0));
        assertThat(second.replica.position()).isEqualTo(first.replica.position());
        assertThat(first.replica.isCurrent()).isTrue();
    }

    @Test
    void eachIssuerRefusesWhatAnotherRevoked() {
        TestIssuer first = issuers.start();
        TestIssuer second = issuers.start();
        AccessTokenClaims one = first.issue("one", "person", "web");
        AccessTokenClaims two = second.issue("two", "person", "web");
        first.revocations.revokeToken("one", issuers.now().plusSeconds(300));
        second.revocations.revokeGrant("grant-of-two");
        assertThat(first.replica.refuses(one)).isTrue();
        assertThat(second.replica.refuses(two)).isTrue();
        assertThat(soon(() -> second.replica.refuses(one) && first.replica.refuses(two)))
                .isTrue();
    }

    @Test
    void ofTwoTokensOfOneSecondTheCutRefusesTheEarlierOnly() {
        TestIssuer first = issuers.start();
        TestIssuer second = issuers.start();
        AccessTokenClaims before = first.issue("before", "person", "web");
        AccessTokenClaims beforeToo = second.issue("before-too", "person", "web");
        first.revocations.revokeSubject("person");
        AccessTokenClaims after = first.issue("after", "person", "web");
        assertThat(soon(() -> second.replica.position().equals(first.replica.seen())))
                .isTrue();
        AccessTokenClaims afterToo = second.issue("after-too", "person", "web");
        for (TestIssuer issuer : List.of(first, second)) {
            assertThat(issuer.replica.refuses(before)).isTrue();
            assertThat(issuer.replica.refuses(beforeToo)).isTrue();
            assertThat(issuer.replica.refuses(after)).isFalse();
            assertThat(issuer.replica.refuses(afterToo)).isFalse();
            assertThat(issuer.replica.refuses(issuer.issue("other", "other-person", "web")))
                    .isFalse();
        }
        second.revocations.revokeClient("web");
        assertThat(second.replica.refuses(afterToo)).isTrue();
        assertThat(second.replica.refuses(second.issue("new", "person", "web"))).isFalse();
    }

    @Test
    void appendsOfSixteenThreadsAndTwoIssuersAreConsecutive() throws InterruptedException, ExecutionException {
        TestIssuer first = issuers.start();
        TestIssuer second = issuers.start();
        List<Callable<LogPosition>> appends = new ArrayList<>();
        for (int i = 0; i < 800; i++) {
            TestIssuer issuer = i % 2 == 0 ? first : second;
            String value = "v" + i;
            appends.add(() -> issuer.log
                    .append(
                            issuer.replica.seen(),
                            RuleKind.JTI,
                            value,
                            issuers.now().getEpochSecond() + 300)
                    .position());
        }
        Set<LogPosition> positions = new TreeSet<>();
        try (var threads = Executors.newFixedThreadPool(16)) {
            for (Future<LogPosition> append : threads.invokeAll(appends)) {
                positions.add(append.get());
            }
        }
        LogPosition expected = beginning(first);
        for (LogPosition position : positions) {
            expected = expected.next();
            assertThat(position).isEqualTo(expected);
        }
        assertThat(positions).hasSize(800);
        LogPosition last = expected;
        for (TestIssuer issuer : List.of(first, second)) {
            assertThat(soon(() -> issuer.replica.position().equals(last))).isTrue();
            assertThat(entries(issuer, beginning(issuer)).stream().map(LogEntry::position))
                    .containsExactlyElementsOf(positions);
        }
    }

    @Test
    void whatSixteenThreadsRevokeIsRefusedAtOnceAndEachEntryIsSeenToOnce()
            throws InterruptedException, ExecutionException {
        TestIssuer issuer = issuers.start();
        List<Callable<Boolean>> revocations = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String jti = i % 2 == 0 ? "same" : "own" + i;
            revocations.add(() -> {
                issuer.revocations.revokeToken(jti, issuers.now().plusSeconds(300));
                return issuer.replica.refuses(issuer.issue(jti, "person", "web"));
            });
        }
        try (var threads = Executors.newFixedThreadPool(16)) {
            for (Future<Boolean> refused : threads.invokeAll(revocations)) {
                assertThat(refused.get()).isTrue();
            }
        }
        assertThat(soon(() -> issuer.replica.position().equals(issuer.replica.seen())))
                .isTrue();
        List<LogEntry> written = entries(issuer, beginning(issuer));
        assertThat(written.stream().map(entry -> entry.rule().value()).distinct())
                .hasSize(201);
        assertThat(written)
                .extracting(entry -> entry.position().seq())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(written).hasSize((int) issuer.replica.position().seq());
        assertThat(written.stream().filter(entry -> issuer.own.forget(entry.position())))
                .isEmpty();
    }

    @Test
    void inARaceOfLoginsAndACutOnlyWhatWasIssuedBeforeTheCutIsRefused()
            throws InterruptedException, ExecutionException {
        TestIssuer issuer = issuers.start();
        for (int round = 0; round < 20; round++) {
            String person = "person" + round;
            CountDownLatch issued = new CountDownLatch(4);
            AtomicBoolean cut = new AtomicBoolean();
            Callable<Boolean> logins = () -> {
                AccessTokenClaims early = issuer.issue("early", person, "web");
                issued.countDown();
                while (!cut.get()) {
                    Thread.onSpinWait();
                }
                AccessTokenClaims late = issuer.issue("late", person, "web");
                return issuer.replica.refuses(early) && !issuer.replica.refuses(late);
            };
            try (var threads = Executors.newFixedThreadPool(4)) {
                List<Future<Boolean>> outcomes = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    outcomes.add(threads.submit(logins));
                }
                issued.await();
                issuer.revocations.revokeSubject(person);
                cut.set(true);
                for (Future<Boolean> outcome : outcomes) {
                    assertThat(outcome.get()).isTrue();
                }
            }
        }
    }

    @Test
    void theScriptsTouchOneHashSlotOfRedis() {
        assertThat(LogScripts.keys())
                .hasSize(2)
                .extracting(SlotHash::getSlot)
                .containsOnly(SlotHash.getSlot("{revocation}"));
        assertThat(LogScripts.BEAT + LogScripts.APPEND)
                .doesNotContain("gh:")
                .doesNotContain("MAXLEN")
                .doesNotContain("XTRIM");
    }

    @Test
    void entriesAreTrimmedByAgeAndNeverByNumber() {
        TestIssuer issuer = issuers.start();
        for (int i = 0; i < 200; i++) {
            issuer.revocations.revokeToken("t" + i, issuers.now().plusSeconds(100));
        }
        issuers.pass(Duration.ofSeconds(159));
        issuer.revocations.revokeGrant("late");
        assertThat(ids(issuer)).hasSize(201);
        issuers.pass(Duration.ofSeconds(2));
        assertThat(soon(() -> ids(issuer).size() == 1)).isTrue();
        assertThat(soon(() -> issuer.replica.rules().size() == 1)).isTrue();
        LogPosition last = issuer.replica.position();
        assertThat(last.seq()).isEqualTo(201);
        assertThat(issuer.replica.journal().after(beginning(issuer), 10)).isInstanceOf(Journal.Gone.class);
        assertThat(entries(issuer, last.previous())).hasSize(1);
        issuers.pass(Duration.ofHours(1));
        assertThat(soon(() -> ids(issuer).isEmpty())).isTrue();
        TestIssuer later = issuers.start();
        assertThat(later.replica.position()).isEqualTo(last);
        later.revocations.revokeGrant("next");
        assertThat(later.replica.seen()).isEqualTo(last.next());
    }

    @Test
    void bothKeysHaveATimeToLiveLongerThanAnyRule() {
        TestIssuer issuer = issuers.start();
        issuer.revocations.revokeKey("k");
        assertThat(issuer.redis.keys("*"))
                .hasSize(2)
                .allSatisfy(key -> assertThat(issuer.redis.getExpire(key))
                        .isGreaterThan(
                                TestIssuers.LONGEST_TOKEN.plus(TestIssuers.SKEW).toSeconds()));
    }

    @Test
    void rulesOutliveTheTokensThatTheyRefuse() {
        TestIssuer issuer = issuers.start();
        issuer.revocations.revokeSession("s");
        issuer.revocations.revokeToken("t", issuers.now().plusSeconds(10));
        assertThat(soon(() -> issuer.replica.position().seq() == 2)).isTrue();
        List<LogEntry> written = entries(issuer, beginning(issuer));
        assertThat(written.getFirst().rule().expires()).isEqualTo(issuers.now().getEpochSecond() + 300 + 60);
        assertThat(written.getLast().rule().expires())
                .isEqualTo(issuers.now().plusSeconds(10).getEpochSecond() + 1);
    }

    @Test
    void aTokenThatIsRevokedAgainAndAgainDoesNotFillTheLog() {
        TestIssuer issuer = issuers.start();
        for (int i = 0; i < 50; i++) {
            assertThat(soon(issuer.replica::isCurrent)).isTrue();
            issuer.revocations.revokeToken("t", issuers.now().plusSeconds(10));
        }
        issuer.revocations.revokeToken("long-gone", issuers.now().minusSeconds(61));
        assertThat(ids(issuer)).hasSize(1);
    }

    @Test
    void valuesThatNoClaimCouldHaveAreRefused() {
        TestIssuer issuer = issuers.start();
        for (String value : List.of("", "x".repeat(513))) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> issuer.revocations.revokeGrant(value));
        }
        assertThat(ids(issuer)).isEmpty();
    }

    @Test
    void endingAGrantOrASessionIsDoneWhenTheCallReturns() {
        TestIssuer issuer = issuers.start();
        issuers.logins.grants.put("s", Set.of("g1", "g2"));
        issuer.revocations.revokeGrant("g");
        assertThat(issuers.families.ended).containsExactly("g");
        issuer.revocations.revokeSession("s");
        assertThat(issuers.logins.ended).containsExactly("s");
        assertThat(issuers.families.ended).containsExactlyInAnyOrder("g", "g1", "g2");
    }

    @Test
    void anIssuerThatDiedBetweenRuleAndEffectsIsMadeGoodByTheOthersAndByTheNextStart() {
        TestIssuer writer = issuers.start();
        issuers.logins.grants.put("s", Set.of("g1"));
        long expires = issuers.now().getEpochSecond() + 300;
        writer.log.append(writer.replica.seen(), RuleKind.GRANT_ID, "g", expires);
        writer.log.append(writer.replica.seen(), RuleKind.SID, "s", expires);
        assertThat(soon(() -> issuers.families.ended.containsAll(Set.of("g", "g1"))))
                .isTrue();
        writer.stop();
        issuers.families.ended.clear();
        issuers.logins.ended.clear();
        issuers.start();
        assertThat(soon(() ->
                        issuers.families.ended.equals(Set.of("g", "g1")) && issuers.logins.ended.equals(Set.of("s"))))
                .isTrue();
    }

    @Test
    void effectsThatFailAreToldToTheCallerAndDoneLater() {
        TestIssuer issuer = issuers.start();
        issuers.families.outages.set(3);
        assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> issuer.revocations.revokeGrant("g"));
        assertThat(soon(() -> issuers.families.ended.contains("g"))).isTrue();
    }

    @Test
    void aLogThatComesBackEmptyBeginsANewEpochAndRevokesOn() {
        TestIssuer issuer = issuers.start();
        AccessTokenClaims revoked = issuer.issue("revoked", "person", "web");
        issuer.revocations.revokeToken("revoked", issuers.now().plusSeconds(300));
        assertThat(soon(() -> issuer.replica.position().seq() == 1)).isTrue();
        LogPosition before = issuer.replica.position();
        issuer.redis.delete(List.of(LogScripts.HEAD_KEY, LogScripts.LOG_KEY));
        assertThat(soon(() -> issuer.replica.position().epoch() > before.epoch()))
                .isTrue();
        assertThat(issuer.replica.refuses(revoked)).isTrue();
        AccessTokenClaims fresh = issuer.issue("fresh", "person", "web");
        issuer.revocations.revokeSubject("person");
        assertThat(issuer.replica.refuses(fresh)).isTrue();
        assertThat(issuer.replica.refuses(issuer.issue("fresher", "person", "web")))
                .isFalse();
    }

    @Test
    void aStreamThatLostItsLastEntriesBeginsANewEpoch() {
        TestIssuer issuer = issuers.start();
        issuer.revocations.revokeGrant("g1");
        issuer.revocations.revokeGrant("g2");
        assertThat(soon(() -> issuer.replica.position().seq() == 2)).isTrue();
        LogPosition before = issuer.replica.position();
        issuer.redis.delete(LogScripts.LOG_KEY);
        issuer.revocations.revokeGrant("g3");
        assertThat(issuer.replica.seen().epoch()).isGreaterThan(before.epoch());
        assertThat(soon(() -> issuer.replica.position().equals(issuer.replica.seen())))
                .isTrue();
        assertThat(List.of("g1", "g2", "g3"))
                .allSatisfy(grant -> assertThat(issuer.replica.rules().holds(RuleKind.GRANT_ID, grant, 0))
                        .isTrue());
    }

    @Test
    void aHeadThatIsBehindWhatAnIssuerHasSeenBeginsANewEpoch() {
        TestIssuer issuer = issuers.start();
        issuer.revocations.revokeGrant("g1");
        LogPosition known = issuer.replica.seen();
        issuer.tail.stop();
        LogPosition unknown = issuer.log.head(new LogPosition(known.epoch(), known.seq() + 5));
        assertThat(unknown.epoch()).isGreaterThan(known.epoch());
        assertThat(unknown.seq()).isZero();
        assertThat(issuer.log.head(unknown)).isEqualTo(unknown);
    }

    @Test
    void anOutageIsSurvivedWithTheRulesInForceAndTheLogIsReadOn() throws IOException {
        TestIssuer first = issuers.start();
        TestIssuer second = issuers.start();
        AccessTokenClaims revoked = first.issue("revoked", "person", "web");
        first.redis.execute((RedisConnection c) -> {
            c.serverCommands().setConfig("appendfsync", "always");
            return true;
        });
        first.revocations.revokeToken("revoked", issuers.now().plusSeconds(300));
        assertThat(soon(() -> second.replica.refuses(revoked))).isTrue();
        issuers.server.kill();
        assertThat(soon(() -> !first.replica.isCurrent() && !second.replica.isCurrent()))
                .isTrue();
        assertThat(second.replica.refuses(revoked)).isTrue();
        assertThatThrownBy(() -> first.revocations.revokeGrant("unwritten")).isInstanceOf(DataAccessException.class);
        issuers.server.restart();
        assertThat(soon(() -> first.replica.isCurrent() && second.replica.isCurrent()))
                .isTrue();
        AccessTokenClaims later = second.issue("later", "person", "web");
        assertThat(soon(() -> revokes(first, "later"))).isTrue();
        assertThat(soon(() -> second.replica.refuses(later))).isTrue();
    }

    /** The shared connection may come back after the one that follows the log. */
    private boolean revokes(TestIssuer issuer, String jti) {
        try {
            issuer.revocations.revokeToken(jti, issuers.now().plusSeconds(300));
            return true;
        } catch (DataAccessException e) {
            return false;
        }
    }

    @Test
    void whatTheLogHasLostIsMadeGoodForAnIssuerThatNeverSawIt() throws IOException {
        TestIssuer writer = issuers.start();
        AccessTokenClaims revoked = writer.issue("revoked", "person", "web");
        AccessTokenClaims cut = writer.issue("cut", "person", "web");
        issuers.logins.grants.put("s", Set.of("g1"));
        writer.revocations.revokeToken("revoked", issuers.now().plusSeconds(300));
        writer.revocations.revokeSubject("person");
        writer.revocations.revokeSession("s");
        AccessTokenClaims good = writer.issue("good", "person", "web");
        writer.stop();
        issuers.families.ended.clear();
        issuers.server.kill();
        issuers.server.restart();
        issuers.wipe();
        TestIssuer fresh = issuers.start();
        assertThat(fresh.replica.refuses(revoked)).isTrue();
        assertThat(fresh.replica.refuses(cut)).isTrue();
        assertThat(fresh.replica.refuses(good)).isFalse();
        assertThat(soon(() -> issuers.families.ended.contains("g1"))).isTrue();
    }

    @Test
    void anotherRunOfRedisIsAnotherEpochEvenWithTheSameData() {
        TestIssuer issuer = issuers.start();
        issuer.revocations.revokeGrant("g");
        LogPosition before = issuer.replica.seen();
        issuer.redis.opsForHash().put(LogScripts.HEAD_KEY, "run", "of another server");
        assertThat(soon(() -> issuer.replica.position().epoch() > before.epoch()))
                .isTrue();
        assertThat(issuer.replica.rules().holds(RuleKind.GRANT_ID, "g", 0)).isTrue();
        LogPosition after = issuer.replica.position();
        assertThat(issuer.log.head(issuer.replica.seen())).isEqualTo(after);
    }

    @Test
    void anEpochIsLaterThanEveryOneThatATokenCarriesWhateverTheClockSays() {
        TestIssuer writer = issuers.start();
        AccessTokenClaims old = writer.issue("old", "person", "web");
        writer.stop();
        issuers.pass(Duration.ofSeconds(-30));
        issuers.wipe();
        TestIssuer fresh = issuers.start();
        fresh.revocations.revokeSubject("person");
        assertThat(fresh.replica.refuses(old)).isTrue();
        assertThat(fresh.replica.refuses(fresh.issue("new", "person", "web"))).isFalse();
    }

    @Test
    void whatCannotBeKeptInTheDatabaseIsRefusedAndNotAcknowledged() {
        TestIssuer issuer = issuers.start();
        AccessTokenClaims token = issuer.issue("t", "person", "web");
        issuers.database.sql("alter table revocation_rules rename to away").update();
        assertThatExceptionOfType(DataAccessException.class)
                .isThrownBy(
                        () -> issuer.revocations.revokeToken("t", issuers.now().plusSeconds(300)));
        assertThatExceptionOfType(DataAccessException.class)
                .isThrownBy(
                        () -> issuer.revocations.revokeToken("t", issuers.now().plusSeconds(300)));
        assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> issuer.revocations.revokeGrant("g"));
        assertThat(issuer.replica.refuses(token)).isTrue();
        assertThat(soon(() -> issuers.families.ended.contains("g"))).isTrue();
        issuers.database.sql("alter table away rename to revocation_rules").update();
        issuer.revocations.revokeToken("t", issuers.now().plusSeconds(300));
        assertThat(issuers.stored.inForce()).extracting(Rule::value).containsExactly("t");
    }

    @Test
    void ofTwoRulesForOneValueTheLaterCutAndTheLaterExpiryAreKept() {
        long now = issuers.now().getEpochSecond();
        List<Rule> rules = List.of(
                new Rule("sub", "person", new LogPosition(5, 9), now + 10),
                new Rule("sub", "person", new LogPosition(5, 10), now + 9),
                new Rule("sub", "person", new LogPosition(4, 99), now + 30),
                new Rule("jti", "t", null, now + 30),
                new Rule("jti", "t", null, now + 20));
        for (List<Rule> order : List.of(rules, rules.reversed())) {
            order.forEach(issuers.stored::keep);
            assertThat(issuers.stored.inForce())
                    .containsExactlyInAnyOrder(
                            new Rule("sub", "person", new LogPosition(5, 10), now + 30),
                            new Rule("jti", "t", null, now + 30));
            issuers.database.sql("delete from revocation_rules").update();
        }
    }

    @Test
    void theDatabaseForgetsRulesThatAreOverButKeepsTheEffectsOfADay() {
        long now = issuers.now().getEpochSecond();
        issuers.stored.keep(new Rule("jti", "over", null, now - 70));
        issuers.stored.keep(new Rule("jti", "within the skew", null, now - 30));
        issuers.stored.keep(new Rule("sid", "of today", null, now - 3600));
        issuers.stored.keep(new Rule("sid", "of yesterday", null, now - 90_000));
        issuers.stored.forgetExpired();
        assertThat(issuers.stored.inForce()).extracting(Rule::value).containsExactly("within the skew");
        assertThat(issuers.stored.withPastEffects())
                .extracting(Rule::value)
                .containsExactlyInAnyOrder("within the skew", "of today");
    }

    @Test
    void withoutRedisThereIsNoStart() {
        issuers.server.kill();
        assertThatExceptionOfType(RedisException.class).isThrownBy(issuers::start);
    }

    @Test
    void theCopyInMemoryAndTheTailMakeUpTheWholeLog() {
        TestIssuer early = issuers.start();
        for (int i = 0; i < 1500; i++) {
            early.log.append(
                    early.replica.seen(),
                    KINDS.get(i % 6),
                    "v" + i % 700,
                    issuers.now().getEpochSecond() + 300 + i % 7);
        }
        TestIssuer late = issuers.start();
        for (int i = 0; i < 500; i++) {
            early.log.append(
                    early.replica.seen(),
                    KINDS.get(i % 6),
                    "w" + i,
                    issuers.now().getEpochSecond() + 300);
        }
        assertThat(soon(() -> early.replica.position().seq() == 2000
                        && late.replica.position().seq() == 2000))
                .isTrue();
        assertThat(late.replica.rules().all())
                .containsExactlyInAnyOrderElementsOf(early.replica.rules().all());
        assertThat(entries(late, beginning(late))).isEqualTo(entries(early, beginning(early)));
    }

    @Test
    void aKindThatOnlyANewerIssuerKnowsIsPassedOn() {
        TestIssuer issuer = issuers.start();
        issuer.redis.execute(
                RedisScript.of("""
                        local epoch = redis.call('HGET', KEYS[1], 'epoch')
                        redis.call('HSET', KEYS[1], 'seq', '1')
                        redis.call('XADD', KEYS[2], epoch .. '-1', 'kind', 'device', 'value', 'd', 'expires', ARGV[1])
                        return 1
                        """, Long.class),
                List.of(LogScripts.keys()),
                Long.toString(issuers.now().getEpochSecond() + 300));
        assertThat(soon(() -> issuer.replica.position().equals(beginning(issuer).next())))
                .isTrue();
        assertThat(issuer.replica.rules().all()).extracting(Rule::kind).containsExactly("device");
        assertThat(issuer.replica.refuses(token("t", "d", "d", "1-1"))).isFalse();
    }
}
