package dev.gatehouse.server.token;

import static dev.gatehouse.server.token.TokenFixture.ABSOLUTE;
import static dev.gatehouse.server.token.TokenFixture.GRACE;
import static dev.gatehouse.server.token.TokenFixture.IDLE;
import static dev.gatehouse.server.token.TokenFixture.atOnce;
import static dev.gatehouse.server.token.TokenFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.token.RefreshTokens.OnOtherTerms;
import dev.gatehouse.server.token.RefreshTokens.Presented;
import dev.gatehouse.server.token.RefreshTokens.Replayed;
import dev.gatehouse.server.token.RefreshTokens.Reused;
import dev.gatehouse.server.token.RefreshTokens.Rotated;
import dev.gatehouse.server.token.RefreshTokens.Rotation;
import dev.gatehouse.server.token.RefreshTokens.Terms;
import dev.gatehouse.server.token.RefreshTokens.Unknown;
import io.lettuce.core.cluster.SlotHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.core.script.RedisScript;

class RefreshTokensTest {
    private static TokenFixture fixture;

    private static RedisRefreshTokens families;

    @BeforeAll
    static void start() {
        fixture = new TokenFixture();
        families = fixture.families;
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    private static String begin(Grant grant) {
        return families.begin(grant).value();
    }

    private static Rotation rotate(String token) {
        return families.rotate(token, fixture.terms("web"), fixture.position);
    }

    private static String rotated(String token) {
        return ((Rotated) rotate(token)).successor().value();
    }

    private static Secret successor(Rotation rotation) {
        return switch (rotation) {
            case Rotated r -> r.successor();
            case Replayed r -> r.successor();
            case Reused _, OnOtherTerms _, Unknown _ -> throw new AssertionError("no successor: " + rotation);
        };
    }

    private static IssueMoment moment() {
        return new IssueMoment(fixture.now(), fixture.position);
    }

    private static String stored(Grant grant) {
        return Objects.requireNonNull(fixture.redis.opsForValue().get(key(grant)));
    }

    private static int generation(Grant grant) {
        return StoredFamily.read(stored(grant)).generation();
    }

    private static boolean isCurrent(String token) {
        return families.find(token).map(Presented::current).orElse(false);
    }

    @Test
    void aTokenRotatesIntoItsSuccessorWhichRotatesInTurn() {
        Grant grant = fixture.grant();
        Set<String> tokens = new HashSet<>();
        String token = begin(grant);
        for (int i = 0; i < 5; i++) {
            assertThat(tokens.add(token)).isTrue();
            assertThat(isCurrent(token)).isTrue();
            fixture.pass(Duration.ofMinutes(5));
            fixture.position = "1763900000000-6" + i;
            Rotation rotation = rotate(token);
            assertThat(rotation).isEqualTo(new Rotated(grant, successor(rotation), moment()));
            token = successor(rotation).value();
        }
    }

    @Test
    void ofAHundredPresentationsAtOnceOneRotatesAndAllAnswersAreEqual()
            throws InterruptedException, ExecutionException {
        Grant grant = fixture.grant();
        String token = begin(grant);
        List<Rotation> rotations = atOnce(100, () -> rotate(token));
        assertThat(rotations).filteredOn(Rotated.class::isInstance).hasSize(1);
        assertThat(rotations).extracting(RefreshTokensTest::successor).containsOnly(successor(rotations.getFirst()));
        assertThat(generation(grant)).isEqualTo(2);
        assertThat(isCurrent(successor(rotations.getFirst()).value())).isTrue();
    }

    @Test
    void generationAfterGenerationSixteenThreadsMakeOneRotationEach() throws InterruptedException, ExecutionException {
        Grant grant = fixture.grant();
        AtomicReference<String> token = new AtomicReference<>(begin(grant));
        for (int generation = 2; generation <= 60; generation++) {
            List<Rotation> rotations = atOnce(16, () -> rotate(token.get()));
            assertThat(rotations).filteredOn(Rotated.class::isInstance).hasSize(1);
            assertThat(rotations).extracting(RefreshTokensTest::successor).containsOnly(successor(rotations.get(0)));
            assertThat(generation(grant)).isEqualTo(generation);
            token.set(successor(rotations.get(0)).value());
        }
    }

    @Test
    void aRetryWithinTheGracePeriodGetsTheSameSuccessorAgainAndAgain() {
        Grant grant = fixture.grant();
        String first = begin(grant);
        IssueMoment rotation = moment();
        String second = rotated(first);
        for (int i = 0; i < 3; i++) {
            fixture.pass(Duration.ofSeconds(1));
            fixture.position = "1763900000000-5" + i;
            assertThat(rotate(first)).isEqualTo(new Replayed(grant, new Secret(second), rotation));
        }
        assertThat(rotate(second)).isInstanceOf(Rotated.class);
    }

    @Test
    void aRetryAfterTheGracePeriodIsReuse() {
        Grant grant = fixture.grant();
        String first = begin(grant);
        rotated(first);
        fixture.passGrace(grant);
        assertThat(rotate(first)).isEqualTo(new Reused(grant));
    }

    @Test
    void redisForgetsTheSealedSuccessorWhenTheGracePeriodIsOver() {
        Grant grant = fixture.grant();
        rotated(begin(grant));
        assertThat(fixture.redis.getExpire(key(grant) + ":retry", TimeUnit.MILLISECONDS))
                .isBetween(1L, GRACE.toMillis());
    }

    @Test
    void withoutAGracePeriodEveryRetryIsReuse() {
        Grant grant = fixture.grant();
        RedisRefreshTokens strict = fixture.families(Duration.ZERO, Duration.ZERO);
        String first = strict.begin(grant).value();
        assertThat(strict.rotate(first, fixture.terms("web"), fixture.position)).isInstanceOf(Rotated.class);
        assertThat(strict.rotate(first, fixture.terms("web"), fixture.position)).isEqualTo(new Reused(grant));
    }

    @Test
    void theGracePeriodDoesNotCareHowFarTheIssuersClocksAreApart() {
        Duration minutes = Duration.ofMinutes(5);
        for (Duration skew : List.of(minutes, minutes.negated())) {
            Grant grant = fixture.grant();
            RedisRefreshTokens other = fixture.families(skew, GRACE);
            String first = begin(grant);
            IssueMoment rotation = moment();
            String second = rotated(first);
            assertThat(other.rotate(first, fixture.terms("web"), fixture.position))
                    .isEqualTo(new Replayed(grant, new Secret(second), rotation));
            fixture.passGrace(grant);
            assertThat(other.rotate(first, fixture.terms("web"), fixture.position))
                    .isEqualTo(new Reused(grant));
        }
    }

    @Test
    void aTokenWhoseSuccessorWasUsedIsReuseAlsoWithinTheGracePeriod() {
        Grant grant = fixture.grant();
        String first = begin(grant);
        rotated(rotated(first));
        assertThat(rotate(first)).isEqualTo(new Reused(grant));
    }

    @Test
    void everyOlderGenerationIsReuse() {
        Grant grant = fixture.grant();
        List<String> old = new ArrayList<>();
        String token = begin(grant);
        for (int i = 0; i < 6; i++) {
            old.add(token);
            token = rotated(token);
        }
        fixture.passGrace(grant);
        assertThat(old).allSatisfy(stale -> assertThat(rotate(stale)).isEqualTo(new Reused(grant)));
    }

    @Test
    void ofTwoTokensOfOneGenerationTheOneThatRedisDoesNotKnowIsReuse() {
        Grant grant = fixture.grant();
        String first = begin(grant);
        RefreshToken twin = new RefreshToken(grant.id(), 1, new byte[32]);
        assertThat(rotate(fixture.format.write(twin))).isEqualTo(new Reused(grant));
        rotated(first);
        assertThat(rotate(fixture.format.write(twin))).isEqualTo(new Reused(grant));
    }

    @Test
    void aTokenThatRedisLostTheRotationOfIsUnknownAndNobodysFault() {
        Grant grant = fixture.grant();
        String first = begin(grant);
        RefreshToken ahead = new RefreshToken(grant.id(), 2, new byte[32]);
        assertThat(rotate(fixture.format.write(ahead))).isEqualTo(new Unknown());
        assertThat(isCurrent(first)).isTrue();
    }

    @Test
    void reuseIsDecidedWithoutAWriteSoThatItIsDecidedAgainAfterACrash() {
        Grant grant = fixture.grant();
        String first = begin(grant);
        String third = rotated(rotated(first));
        fixture.passGrace(grant);
        String before = stored(grant);
        assertThat(rotate(first)).isEqualTo(new Reused(grant));
        assertThat(rotate(first)).isEqualTo(new Reused(grant));
        assertThat(stored(grant)).isEqualTo(before);
        assertThat(isCurrent(third)).isTrue();
    }

    @Test
    void aTokenWhoseGrantDoesNotFitWhatIsAskedForStaysAsItIs() {
        Grant grant = fixture.grant("http://localhost:8081", "http://localhost:8082");
        String first = begin(grant);
        var before = stored(grant);
        for (Terms terms : List.of(
                terms("http://localhost:8082", false),
                terms("http://localhost:8083", true),
                terms("", false),
                terms("http://localhost:8081", false, "orders.write"),
                terms("http://localhost:8081", false, "orders"),
                terms("http://localhost:8081", false, "openid", "orders.write"))) {
            assertThat(families.rotate(first, terms, fixture.position))
                    .as(terms.toString())
                    .isEqualTo(new OnOtherTerms(grant));
        }
        assertThat(stored(grant)).isEqualTo(before);
        assertThat(fixture.redis.hasKey(key(grant) + ":retry")).isFalse();
        Terms fit = terms("http://localhost:8082", true, "orders.read", "openid");
        assertThat(families.rotate(first, fit, fixture.position)).isInstanceOf(Rotated.class);
    }

    private static Terms terms(String audience, boolean asked, String... scopes) {
        return new Terms("web", audience, asked, Scopes.of(scopes));
    }

    @Test
    void anotherClientIsRefusedAndDoesNotHarmTheFamily() {
        Grant grant = fixture.grant();
        String first = begin(grant);
        assertThat(families.rotate(first, fixture.terms("thief"), fixture.position))
                .isEqualTo(new Unknown());
        assertThat(isCurrent(first)).isTrue();
        String second = rotated(first);
        assertThat(families.rotate(first, fixture.terms("thief"), fixture.position))
                .isEqualTo(new Unknown());
        fixture.passGrace(grant);
        assertThat(families.rotate(first, fixture.terms("thief"), fixture.position))
                .isEqualTo(new Unknown());
        assertThat(rotate(second)).isInstanceOf(Rotated.class);
    }

    @Test
    void whatThisIssuerDidNotWriteIsUnknownAndNeverReachesRedis() {
        Grant grant = fixture.grant();
        String current = rotated(begin(grant));
        fixture.passGrace(grant);
        List<String> forgeries = forgeries(current, begin(fixture.grant()));
        var before = fixture.commands();
        for (String forged : forgeries) {
            assertThat(rotate(forged)).as(forged).isEqualTo(new Unknown());
            assertThat(families.find(forged)).as(forged).isEmpty();
        }
        assertThat(fixture.commands()).isEqualTo(before);
        assertThat(isCurrent(current)).isTrue();
        assertThat(fixture.commands()).isNotEqualTo(before);
    }

    private static List<String> forgeries(String token, String other) {
        RefreshToken genuine = fixture.format.read(token).orElseThrow();
        RefreshToken.Format stranger = new RefreshToken.Format(TokenFixture.serverSecret("another house"));
        List<String> forgeries = new ArrayList<>(List.of(
                "",
                "ghr1_",
                "x",
                token.substring(0, token.length() - 1),
                token.substring(0, token.length() / 2),
                token + "A",
                token + token,
                token + "=",
                token + " ",
                token.substring(RefreshToken.PREFIX.length()),
                token.replace("ghr1_", "ghr2_"),
                token.replace("ghr1_", "GHR1_"),
                RefreshToken.PREFIX + "%".repeat(91),
                RefreshToken.PREFIX + "\u00e9".repeat(91),
                RefreshToken.PREFIX + "A".repeat(91),
                RefreshToken.PREFIX + "A".repeat(1_000_000),
                stranger.write(genuine),
                stranger.write(new RefreshToken(genuine.grantId(), 1, new byte[32]))));
        byte[] bytes = bytes(token);
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            forgeries.add(text(changed));
        }
        for (int generation : new int[] {0, 1, -1, 3, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            forgeries.add(
                    text(ByteBuffer.wrap(bytes.clone()).putInt(16, generation).array()));
        }
        forgeries.add(text(spliced(bytes, bytes(other), 0, 20)));
        forgeries.add(text(spliced(bytes, bytes(other), 20, 52)));
        forgeries.add(text(spliced(bytes, bytes(other), 52, 68)));
        return forgeries;
    }

    private static byte[] bytes(String token) {
        return Base64.getUrlDecoder().decode(token.substring(RefreshToken.PREFIX.length()));
    }

    private static String text(byte[] bytes) {
        return RefreshToken.PREFIX + TokenFixture.base64url(bytes);
    }

    private static byte[] spliced(byte[] bytes, byte[] other, int from, int to) {
        byte[] spliced = bytes.clone();
        System.arraycopy(other, from, spliced, from, to - from);
        return spliced;
    }

    @Test
    void aTokenHasOneTextOnly() {
        String token = begin(fixture.grant());
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        String stem = token.substring(0, token.length() - 1);
        assertThat(alphabet.chars().mapToObj(last -> stem + (char) last))
                .filteredOn(text -> fixture.format.read(text).isPresent())
                .containsExactly(token);
    }

    @Test
    void aFamilyThatRestsForItsIdleLifetimeIsOver() {
        String first = begin(fixture.grant());
        fixture.pass(IDLE.minusMillis(1));
        String second = rotated(first);
        fixture.pass(IDLE.minusMillis(1));
        assertThat(isCurrent(second)).isTrue();
        fixture.pass(Duration.ofMillis(1));
        assertThat(families.find(second)).isEmpty();
        assertThat(rotate(second)).isEqualTo(new Unknown());
        assertThat(rotate(first)).isEqualTo(new Unknown());
    }

    @Test
    void aRetryDoesNotProlongTheFamily() {
        Grant grant = fixture.grant();
        String first = begin(grant);
        String second = rotated(first);
        Instant expiry = families.find(second).orElseThrow().expiresAt();
        fixture.pass(Duration.ofSeconds(5));
        assertThat(rotate(first)).isInstanceOf(Replayed.class);
        assertThat(families.find(second).orElseThrow().expiresAt()).isEqualTo(expiry);
    }

    @Test
    void aFamilyDoesNotOutliveItsAbsoluteLifetimeHoweverBusyItIs() {
        Grant grant = fixture.grant();
        String token = begin(grant);
        Instant end = fixture.now().plus(ABSOLUTE);
        Duration step = Duration.ofDays(10);
        for (Duration age = step; age.compareTo(ABSOLUTE) < 0; age = age.plus(step)) {
            fixture.pass(step);
            token = rotated(token);
        }
        assertThat(families.find(token).orElseThrow().expiresAt()).isEqualTo(end);
        assertThat(fixture.redis.getExpire(key(grant))).isBetween(1L, step.toSeconds());
        fixture.pass(step);
        assertThat(families.find(token)).isEmpty();
        assertThat(rotate(token)).isEqualTo(new Unknown());
    }

    @Test
    void redisForgetsAFamilyAfterItsIdleLifetimeWhicheverClockTheIssuerHas() {
        for (Duration skew : List.of(Duration.ZERO, Duration.ofDays(400), Duration.ofDays(-400))) {
            Grant grant = fixture.grant();
            RedisRefreshTokens issuer = fixture.families(skew, GRACE);
            String first = issuer.begin(grant).value();
            assertThat(fixture.redis.getExpire(key(grant)))
                    .isBetween(IDLE.minusHours(1).toSeconds(), IDLE.toSeconds());
            fixture.redis.expire(key(grant), Duration.ofHours(1));
            assertThat(issuer.rotate(first, fixture.terms("web"), fixture.position))
                    .isInstanceOf(Rotated.class);
            assertThat(fixture.redis.getExpire(key(grant)))
                    .isBetween(IDLE.minusHours(1).toSeconds(), IDLE.toSeconds());
        }
    }

    @Test
    void whoAsksForATokenLearnsWhenItWasIssuedAndWhenItExpires() {
        Grant grant = fixture.grant();
        String first = begin(grant);
        assertThat(families.find(first))
                .contains(
                        new Presented(grant, true, fixture.now(), fixture.now().plus(IDLE)));
        fixture.pass(Duration.ofDays(1));
        String second = rotated(first);
        assertThat(families.find(second))
                .contains(
                        new Presented(grant, true, fixture.now(), fixture.now().plus(IDLE)));
        assertThat(isCurrent(first)).isFalse();
        assertThat(families.find(first)).isPresent();
    }

    @Test
    void anEndedFamilyIsOverForEveryGenerationAndEndsAgainQuietly() {
        Grant grant = fixture.grant();
        String first = begin(grant);
        String second = rotated(first);
        for (int i = 0; i < 2; i++) {
            families.end(grant.id());
            assertThat(rotate(first)).isEqualTo(new Unknown());
            assertThat(rotate(second)).isEqualTo(new Unknown());
            assertThat(families.find(second)).isEmpty();
        }
    }

    @Test
    void endingOneFamilyLeavesTheOthersAlone() {
        Grant grant = fixture.grant();
        String token = begin(grant);
        String other = begin(fixture.grant());
        families.end(grant.id());
        families.end("nobody's");
        assertThat(rotate(token)).isEqualTo(new Unknown());
        assertThat(rotate(other)).isInstanceOf(Rotated.class);
    }

    @Test
    void aFamilyThatWasEndedBeforeItBeganNeverLives() {
        Grant grant = fixture.grant();
        families.end(grant.id());
        String token = begin(grant);
        assertThat(families.find(token)).isEmpty();
        assertThat(rotate(token)).isEqualTo(new Unknown());
    }

    @Test
    void onceAFamilyHasEndedNoRotationSucceedsHoweverManyAreUnderWay() throws InterruptedException, ExecutionException {
        try (var pool = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 30; round++) {
                Grant grant = fixture.grant();
                AtomicReference<String> token = new AtomicReference<>(begin(grant));
                AtomicBoolean ended = new AtomicBoolean();
                List<Future<Rotation>> lasts = new ArrayList<>();
                for (int thread = 0; thread < 7; thread++) {
                    lasts.add(pool.submit(() -> rotateUntil(ended, token)));
                }
                families.end(grant.id());
                ended.set(true);
                for (Future<Rotation> last : lasts) {
                    assertThat(last.get()).isEqualTo(new Unknown());
                }
                assertThat(families.find(token.get())).isEmpty();
            }
        }
    }

    /** The answer to a presentation that began after the end. */
    private static Rotation rotateUntil(AtomicBoolean ended, AtomicReference<String> token) {
        while (true) {
            boolean over = ended.get();
            Rotation answer = rotate(token.get());
            if (answer instanceof Rotated rotated) {
                token.set(rotated.successor().value());
            }
            if (over) {
                return answer;
            }
        }
    }

    @Test
    void everyKeyHasATimeToLive() {
        Grant grant = fixture.grant();
        rotated(begin(grant));
        Grant over = fixture.grant();
        rotated(begin(over));
        families.end(over.id());
        Set<String> keys = fixture.redis.keys("*");
        assertThat(keys).contains(key(grant), key(grant) + ":retry", key(over));
        assertThat(keys)
                .allSatisfy(
                        key -> assertThat(fixture.redis.getExpire(key)).as(key).isPositive());
    }

    @Test
    void redisHoldsDigestsOnly() {
        String first = begin(fixture.grant());
        String second = rotated(first);
        List<String> dump = fixture.dump();
        String digest = TokenFixture.base64url(TokenFixture.sha256(fixture.secret(second)));
        assertThat(dump).anySatisfy(text -> assertThat(text).contains(digest));
        assertThat(dump)
                .allSatisfy(text -> assertThat(text)
                        .doesNotContain(first, second)
                        .doesNotContain(Disclosure.forms(fixture.secret(first)))
                        .doesNotContain(Disclosure.forms(fixture.secret(second))));
    }

    @Test
    void allThatRedisHoldsDoesNotOpenTheSuccessorButThePredecessorDoes() {
        Grant grant = fixture.grant();
        String first = begin(grant);
        String second = rotated(first);
        String sealed = Objects.requireNonNull(fixture.redis.opsForValue().get(key(grant) + ":retry"))
                .split(" ", 2)[1];
        SuccessorSeal seal = new SuccessorSeal(fixture.random);
        assertThat(seal.open(fixture.format.read(first).orElseThrow(), sealed)).isEqualTo(fixture.secret(second));
        List<byte[]> guesses = new ArrayList<>();
        for (String text : words(fixture.dump())) {
            guesses.add(text.getBytes(StandardCharsets.ISO_8859_1));
            if (text.matches("[A-Za-z0-9_-]+") && text.length() % 4 != 1) {
                guesses.add(Base64.getUrlDecoder().decode(text));
            }
        }
        assertThat(guesses)
                .hasSizeGreaterThan(10)
                .allSatisfy(guess -> assertThatThrownBy(() -> seal.open(new RefreshToken(grant.id(), 1, guess), sealed))
                        .isInstanceOf(IllegalStateException.class));
    }

    private static List<String> words(List<String> texts) {
        return texts.stream()
                .flatMap(text -> Arrays.stream(text.split(" ", -1)))
                .toList();
    }

    @Test
    void aFamilyTakesNoMoreThanSixHundredBytesOfRedisMemory() {
        Grant grant = fixture.grant();
        rotated(begin(grant));
        Long bytes = fixture.redis.execute(
                RedisScript.of("return redis.call('MEMORY', 'USAGE', KEYS[1])", Long.class), List.of(key(grant)));
        assertThat(bytes).isBetween(1L, 600L);
    }

    @Test
    void aScriptTouchesOneSlot() {
        Grant grant = fixture.grant();
        rotated(begin(grant));
        assertThat(fixture.redis.keys("gh:refresh:*" + grant.id() + "*"))
                .hasSize(2)
                .extracting(SlotHash::getSlot)
                .containsOnly(SlotHash.getSlot(grant.id()));
    }
}
