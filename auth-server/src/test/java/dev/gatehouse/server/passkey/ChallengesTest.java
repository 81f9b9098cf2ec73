package dev.gatehouse.server.passkey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.demo.LocalRedis;
import dev.gatehouse.server.keys.ServerSecret;
import dev.gatehouse.server.passkey.Challenges.Purpose;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Challenges under attack, on a real Redis: used twice, late, elsewhere, for something else, and forged. */
class ChallengesTest {
    private static final LocalRedis REDIS = LocalRedis.startTemporary();

    private static final LettuceConnectionFactory CONNECTIONS = new LettuceConnectionFactory("127.0.0.1", REDIS.port());

    static {
        CONNECTIONS.afterPropertiesSet();
        CONNECTIONS.start();
    }

    private final StringRedisTemplate redis = new StringRedisTemplate(CONNECTIONS);

    private Instant now = Instant.parse("2026-11-27T20:00:00.5Z");

    private final Challenges challenges = new Challenges(redis, secret("this house"), () -> now, new SecureRandom());

    @AfterAll
    static void stop() {
        CONNECTIONS.destroy();
        REDIS.close();
    }

    private static ServerSecret secret(String house) {
        return new ServerSecret() {
            @Override
            public SecretKey aesKey(String purpose) {
                throw new UnsupportedOperationException();
            }

            @Override
            public SecretKey macKey(String purpose) {
                return new SecretKeySpec((house + purpose).getBytes(StandardCharsets.UTF_8), "HmacSHA256");
            }
        };
    }

    @Test
    void aChallengeIsGoodOnce() {
        byte[] challenge = challenges.issue(Purpose.LOGIN, "browser");

        assertThat(challenges.redeem(Purpose.LOGIN, "browser", challenge)).isTrue();
        assertThat(challenges.redeem(Purpose.LOGIN, "browser", challenge)).isFalse();
    }

    @Test
    void ofManyUsesAtOnceExactlyOneIsGood() throws InterruptedException, ExecutionException {
        byte[] challenge = challenges.issue(Purpose.LOGIN, "browser");
        int good = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Boolean> use : threads.invokeAll(IntStream.range(0, 8)
                    .<java.util.concurrent.Callable<Boolean>>mapToObj(
                            _ -> () -> challenges.redeem(Purpose.LOGIN, "browser", challenge))
                    .toList())) {
                good += use.get() ? 1 : 0;
            }
        }
        assertThat(good).isEqualTo(1);
    }

    @Test
    void aChallengeIsGoodForFiveMinutes() {
        byte[] early = challenges.issue(Purpose.LOGIN, "browser");
        byte[] late = challenges.issue(Purpose.LOGIN, "browser");

        now = now.plus(Duration.ofMinutes(5)).minusSeconds(1);
        assertThat(challenges.redeem(Purpose.LOGIN, "browser", early)).isTrue();
        now = now.plusSeconds(1);
        assertThat(challenges.redeem(Purpose.LOGIN, "browser", late)).isFalse();
    }

    @Test
    void aChallengeIsGoodForItsBrowserAndPurposeAlone() {
        byte[] challenge = challenges.issue(Purpose.CONFIRMATION, "browser");

        assertThat(challenges.redeem(Purpose.CONFIRMATION, "another", challenge))
                .isFalse();
        assertThat(challenges.redeem(Purpose.LOGIN, "browser", challenge)).isFalse();
        assertThat(challenges.redeem(Purpose.REGISTRATION, "browser", challenge))
                .isFalse();
        assertThat(challenges.redeem(Purpose.CONFIRMATION, "browser", challenge))
                .isTrue();
    }

    @Test
    void aForgedChallengeNeverReachesRedis() {
        byte[] challenge = challenges.issue(Purpose.LOGIN, "browser");
        Challenges elsewhere = new Challenges(redis, secret("another house"), () -> now, new SecureRandom());
        int before = redis.keys("*").size();

        for (int i = 0; i < challenge.length; i++) {
            byte[] forged = challenge.clone();
            forged[i] ^= 1;
            assertThat(challenges.redeem(Purpose.LOGIN, "browser", forged)).isFalse();
        }
        for (byte[] wrong : List.of(
                new byte[0],
                Arrays.copyOf(challenge, challenge.length - 1),
                Arrays.copyOf(challenge, challenge.length + 1),
                elsewhere.issue(Purpose.LOGIN, "browser"))) {
            assertThat(challenges.redeem(Purpose.LOGIN, "browser", wrong)).isFalse();
        }
        assertThat(redis.keys("*")).hasSize(before);
    }

    @Test
    void itsUseIsRememberedForLongerThanItIsGood() {
        byte[] challenge = challenges.issue(Purpose.LOGIN, "browser");
        challenges.redeem(Purpose.LOGIN, "browser", challenge);

        assertThat(redis.keys("gh:passkey-challenge:*"))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(redis.getExpire(key)).isBetween(301L, 600L));
    }
}
