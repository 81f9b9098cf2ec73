package dev.gatehouse.server.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.demo.LocalRedis;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.keys.ServerSecret;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

class StuffingWatchTest {
    private static final ServerSecret SECRET = new ServerSecret() {
        @Override
        public SecretKey aesKey(String purpose) {
            return new SecretKeySpec(new byte[32], "AES");
        }

        @Override
        public SecretKey macKey(String purpose) {
            return new SecretKeySpec(new byte[32], "HmacSHA256");
        }
    };

    private final LocalRedis server = LocalRedis.startTemporary();

    private final LettuceConnectionFactory connections = new LettuceConnectionFactory(
            new RedisStandaloneConfiguration("127.0.0.1", server.port()),
            LettuceClientConfiguration.builder()
                    .commandTimeout(Duration.ofSeconds(2))
                    .clientOptions(ClientOptions.builder()
                            .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                            .build())
                    .build());

    private final StringRedisTemplate redis = redis();

    private final List<SecurityEvent> events = new ArrayList<>();

    private Instant now = Instant.parse("2026-11-23T10:00:00Z");

    private final StuffingWatch watch = watch();

    private final StuffingWatch other = watch();

    private StringRedisTemplate redis() {
        connections.afterPropertiesSet();
        connections.start();
        return new StringRedisTemplate(connections);
    }

    private StuffingWatch watch() {
        return new StuffingWatch(
                redis, TestLogin.properties(), events::add, SECRET, () -> now, new SimpleMeterRegistry());
    }

    @AfterEach
    void stop() {
        connections.destroy();
        server.close();
    }

    private void fail(StuffingWatch at, String who, int names) {
        IntStream.range(0, names).forEach(i -> at.failed(LoginName.of(who + i)));
    }

    private void succeed(StuffingWatch at, String who, int names) {
        IntStream.range(0, names).forEach(i -> at.succeeded(LoginName.of(who + i)));
    }

    private List<String> told() {
        return events.stream().map(SecurityEvent::outcome).toList();
    }

    @Test
    void manyNamesThatFailOnTwoServersAreSeenByBothAndToldByOne() {
        fail(watch, "a", 70);
        fail(other, "b", 70);

        watch.count();
        assertThat(watch.isOn()).isFalse();
        other.count();
        watch.count();

        assertThat(watch.isOn()).isTrue();
        assertThat(other.isOn()).isTrue();
        assertThat(told()).containsExactly("began");
        assertThat(events.getFirst().type()).isEqualTo("login.stuffing");
    }

    @Test
    void whileRedisIsAwayAServerGoesByWhatItSeesItself() {
        watch.count();
        server.kill();
        fail(watch, "victim", 99);
        succeed(watch, "person", 20);
        watch.count();
        assertThat(watch.isOn()).isFalse();

        fail(watch, "another", 1);
        watch.count();

        assertThat(watch.isOn()).isTrue();
    }

    @Test
    void oneNameThatFailsAThousandTimesIsOne() {
        for (int i = 0; i < 1000; i++) {
            fail(watch, "victim", 1);
            if (i % 50 == 0) {
                watch.count();
            }
        }

        assertThat(watch.isOn()).isFalse();
    }

    @Test
    void whereMostSucceedNobodyIsAskedForMore() {
        fail(watch, "typo", 150);
        succeed(watch, "person", 400);

        watch.count();

        assertThat(watch.isOn()).isFalse();
    }

    @Test
    void anAttackerWhoLogsInToTheirOwnAccountAgainAndAgainHidesNothing() {
        fail(watch, "victim", 150);
        for (int i = 0; i < 200; i++) {
            succeed(watch, "mallory", 1);
            watch.count();
        }

        assertThat(watch.isOn()).isTrue();
    }

    @Test
    void itEndsOnceAndByItself() {
        fail(watch, "victim", 150);
        watch.count();
        other.count();
        assertThat(other.isOn()).isTrue();

        now = now.plus(Duration.ofMinutes(11));
        watch.count();
        other.count();

        assertThat(watch.isOn()).isFalse();
        assertThat(other.isOn()).isFalse();
        assertThat(told()).containsExactly("began", "ended");
    }

    @Test
    void whatWasSeenWhileRedisWasAwayCountsWhenItIsBack() throws Exception {
        server.kill();
        fail(watch, "victim", 75);
        fail(other, "another", 75);
        watch.count();
        other.count();
        assertThat(watch.isOn()).isFalse();
        assertThat(other.isOn()).isFalse();

        server.restart();
        for (int i = 0; i < 200 && !watch.isOn(); i++) {
            other.count();
            watch.count();
            Thread.sleep(50);
        }

        assertThat(watch.isOn()).isTrue();
    }

    @Test
    void redisLearnsNoNameAndKeepsNothingForEver() {
        fail(watch, "victim", 150);
        succeed(watch, "person", 10);

        watch.count();

        assertThat(redis.keys("*")).hasSize(3).allSatisfy(key -> {
            assertThat(key).startsWith("gh:stuffing:{login}:");
            assertThat(redis.getExpire(key)).isBetween(1L, 700L);
            assertThat(redis.opsForValue().get(key)).doesNotContain("victim", "person");
        });
    }
}
