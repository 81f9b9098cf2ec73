package dev.gatehouse.server.token;

import static dev.gatehouse.server.token.TokenFixture.atOnce;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.token.AuthorizationCodes.Claim;
import dev.gatehouse.server.token.AuthorizationCodes.Claimed;
import dev.gatehouse.server.token.AuthorizationCodes.ClaimedBefore;
import dev.gatehouse.server.token.AuthorizationCodes.NoSuchCode;
import dev.gatehouse.server.token.AuthorizationCodes.Pending;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AuthorizationCodesTest {
    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private static TokenFixture fixture;

    private static StoredAuthorizationCodes codes;

    @BeforeAll
    static void start() {
        fixture = new TokenFixture();
        codes = fixture.codes(Duration.ofMinutes(5));
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    private static Pending pending() {
        return new Pending(fixture.grant(), "http://127.0.0.1:8765/callback", true, CHALLENGE);
    }

    private static String issue(Pending pending) {
        return codes.issue(pending).value();
    }

    private static String key(String code) {
        return "gh:code:{" + TokenFixture.base64url(TokenFixture.sha256(code.getBytes(StandardCharsets.US_ASCII)))
                + "}";
    }

    @Test
    void aCodeIsClaimedForWhatItStandsFor() {
        Pending pending = pending();
        assertThat(codes.claim(issue(pending), "jti", true)).isEqualTo(new Claimed(pending));
    }

    @Test
    void aCodeRemembersWhatIsAbsentToo() {
        Grant grant = fixture.grant();
        Grant bare = new Grant(
                grant.id(),
                grant.clientId(),
                grant.accountId(),
                null,
                grant.authTime(),
                grant.acr(),
                List.of(),
                grant.scopes(),
                grant.audiences(),
                null);
        Pending pending = new Pending(bare, "http://127.0.0.1:8765/callback", false, null);
        assertThat(codes.peek(issue(pending))).contains(pending);
    }

    @Test
    void aSecondClaimLearnsWhatTheFirstWasGiven() {
        Pending pending = pending();
        String refreshable = issue(pending);
        String once = issue(pending);
        codes.claim(refreshable, "first", true);
        codes.claim(once, "only", false);
        assertThat(codes.claim(refreshable, "second", false)).isEqualTo(new ClaimedBefore(pending, "first", true));
        assertThat(codes.claim(refreshable, "third", false)).isEqualTo(new ClaimedBefore(pending, "first", true));
        assertThat(codes.claim(once, "second", true)).isEqualTo(new ClaimedBefore(pending, "only", false));
    }

    @Test
    void ofAHundredClaimsAtOnceOneWinsAndTheOthersLearnOfIt() throws InterruptedException, ExecutionException {
        for (int round = 0; round < 5; round++) {
            Pending pending = pending();
            String code = issue(pending);
            AtomicInteger number = new AtomicInteger();
            List<Claim> claims = atOnce(100, () -> claimAs("jti-" + number.getAndIncrement(), code));
            assertThat(claims).filteredOn(new Claimed(pending)::equals).hasSize(1);
            String winner = (String) fixture.redis.opsForHash().get(key(code), "jti");
            assertThat(claims)
                    .filteredOn(new ClaimedBefore(pending, String.valueOf(winner), true)::equals)
                    .hasSize(99);
        }
    }

    private static Claim claimAs(String jti, String code) {
        return codes.claim(code, jti, true);
    }

    @Test
    void theWinnerIsTheOneWhoseTokenTheOthersRevoke() throws InterruptedException, ExecutionException {
        String code = issue(pending());
        record Attempt(String jti, Claim claim) {}
        AtomicInteger number = new AtomicInteger();
        List<Attempt> attempts = atOnce(16, () -> {
            String jti = "jti-" + number.getAndIncrement();
            return new Attempt(jti, claimAs(jti, code));
        });
        Attempt winner = attempts.stream()
                .filter(attempt -> attempt.claim() instanceof Claimed)
                .findFirst()
                .orElseThrow();
        assertThat(attempts)
                .filteredOn(attempt -> !attempt.equals(winner))
                .allSatisfy(attempt -> assertThat(attempt.claim())
                        .isInstanceOfSatisfying(
                                ClaimedBefore.class,
                                before -> assertThat(before.jti()).isEqualTo(winner.jti())));
    }

    @Test
    void aClaimThatIsSentAgainAfterABrokenConnectionIsTheSameClaim() {
        Pending pending = pending();
        String code = issue(pending);
        codes.claim(code, "jti", true);
        assertThat(codes.claim(code, "jti", true)).isEqualTo(new Claimed(pending));
        assertThat(codes.claim(code, "other", true)).isEqualTo(new ClaimedBefore(pending, "jti", true));
    }

    @Test
    void lookingAtACodeDoesNotClaimIt() {
        Pending pending = pending();
        String code = issue(pending);
        assertThat(codes.peek(code)).contains(pending);
        assertThat(codes.peek(code)).contains(pending);
        assertThat(codes.claim(code, "jti", true)).isEqualTo(new Claimed(pending));
        assertThat(codes.peek(code)).contains(pending);
    }

    @Test
    void redisForgetsACodeThatNobodyClaimsAfterItsLifetime() {
        String code = issue(pending());
        assertThat(fixture.redis.getExpire(key(code))).isBetween(1L, 60L);
        fixture.redis.delete(key(code));
        assertThat(codes.peek(code)).isEmpty();
        assertThat(codes.claim(code, "jti", true)).isEqualTo(new NoSuchCode());
        assertThat(fixture.redis.hasKey(key(code))).isFalse();
    }

    @Test
    void aClaimedCodeIsRememberedForAsLongAsItsAccessTokenLives() {
        String brief = issue(pending());
        fixture.codes(Duration.ofMinutes(5)).claim(brief, "jti", true);
        assertThat(fixture.redis.getExpire(key(brief))).isBetween(301L, 600L);
        String enduring = issue(pending());
        fixture.codes(Duration.ofHours(1)).claim(enduring, "jti", true);
        assertThat(fixture.redis.getExpire(key(enduring))).isBetween(1801L, 3600L);
    }

    @Test
    void aSecondClaimDoesNotProlongTheMemory() {
        String code = issue(pending());
        codes.claim(code, "jti", true);
        fixture.redis.expire(key(code), Duration.ofSeconds(30));
        codes.claim(code, "other", true);
        assertThat(fixture.redis.getExpire(key(code))).isBetween(1L, 30L);
    }

    @Test
    void whatCannotBeACodeIsNoneAndNeverReachesRedis() {
        String code = issue(pending());
        var before = fixture.commands();
        for (String garbage : List.of(
                "",
                "x",
                code.substring(1),
                code + "A",
                code + "\n",
                "=" + code.substring(1),
                "\u00e9" + code.substring(1),
                "*".repeat(43),
                "A".repeat(1_000_000))) {
            assertThat(codes.peek(garbage)).isEmpty();
            assertThat(codes.claim(garbage, "jti", true)).isEqualTo(new NoSuchCode());
        }
        assertThat(fixture.commands()).isEqualTo(before);
        assertThat(codes.peek(code)).isPresent();
        assertThat(fixture.commands()).isNotEqualTo(before);
    }

    @Test
    void aGuessedCodeIsNoneAndLeavesNothingBehind() {
        String guess = TokenFixture.base64url(new byte[32]);
        assertThat(codes.peek(guess)).isEmpty();
        assertThat(codes.claim(guess, "jti", true)).isEqualTo(new NoSuchCode());
        assertThat(fixture.redis.hasKey(key(guess))).isFalse();
    }

    @Test
    void codesAre256RandomBits() {
        Pending pending = pending();
        String code = issue(pending);
        assertThat(Base64.getUrlDecoder().decode(code)).hasSize(32);
        assertThat(issue(pending)).isNotEqualTo(code);
    }

    @Test
    void redisHoldsTheDigestOfACodeOnly() {
        String fresh = issue(pending());
        String claimed = issue(pending());
        codes.claim(claimed, "jti", true);
        List<String> dump = fixture.dump();
        assertThat(dump).contains(key(fresh), key(claimed));
        for (String code : List.of(fresh, claimed)) {
            assertThat(dump)
                    .allSatisfy(text -> assertThat(text)
                            .doesNotContain(code)
                            .doesNotContain(
                                    Disclosure.forms(Base64.getUrlDecoder().decode(code)))
                            .doesNotContain(Disclosure.forms(code.getBytes(StandardCharsets.US_ASCII))));
        }
    }

    @Test
    void everyKeyHasATimeToLive() {
        String fresh = issue(pending());
        String claimed = issue(pending());
        codes.claim(claimed, "jti", false);
        var keys = fixture.redis.keys("*");
        assertThat(keys).contains(key(fresh), key(claimed));
        assertThat(keys)
                .allSatisfy(
                        key -> assertThat(fixture.redis.getExpire(key)).as(key).isPositive());
    }

    @Test
    void whileRedisIsAwayTheSameIsTrueInPostgres() throws InterruptedException, ExecutionException {
        StoredAuthorizationCodes standby = fixture.codesOnStandby();
        Pending pending = pending();
        String code = standby.issue(pending).value();
        assertThat(code).hasSize(43).startsWith(".");
        assertThat(fixture.redis.hasKey(key(code))).isFalse();
        assertThat(codes.peek(code)).as("also by an issuer that has Redis").contains(pending);
        AtomicInteger number = new AtomicInteger();
        List<Claim> claims = atOnce(20, () -> standby.claim(code, "jti-" + number.getAndIncrement(), false));
        assertThat(claims).filteredOn(new Claimed(pending)::equals).hasSize(1);
        assertThat(claims)
                .filteredOn(ClaimedBefore.class::isInstance)
                .hasSize(19)
                .containsOnly(claims.stream()
                        .filter(ClaimedBefore.class::isInstance)
                        .findFirst()
                        .orElseThrow());
        String again = standby.issue(pending).value();
        assertThat(standby.claim(again, "jti", true)).isEqualTo(new Claimed(pending));
        assertThat(standby.claim(again, "jti", true)).isEqualTo(new Claimed(pending));
        assertThat(standby.claim(again, "other", true)).isEqualTo(new ClaimedBefore(pending, "jti", true));
        String guess = "." + TokenFixture.base64url(new byte[32]).substring(1);
        assertThat(standby.claim(guess, "jti", true)).isEqualTo(new NoSuchCode());
        assertThat(fixture.database
                        .sql("select standby::text from standby")
                        .query(String.class)
                        .list())
                .hasSize(2)
                .allSatisfy(row -> assertThat(row).doesNotContain(code, again));
    }

    @Test
    void whileRedisIsAwayACodeEndsWithItsTime() {
        StoredAuthorizationCodes standby = fixture.codesOnStandby();
        String code = standby.issue(pending()).value();
        assertThat(fixture.database
                        .sql(
                                "update standby set expires_at = expires_at - interval '60 s' where not jsonb_exists(fields, 'jti')")
                        .update())
                .isPositive();
        assertThat(standby.peek(code)).isEmpty();
        assertThat(standby.claim(code, "jti", true)).isEqualTo(new NoSuchCode());
    }
}
