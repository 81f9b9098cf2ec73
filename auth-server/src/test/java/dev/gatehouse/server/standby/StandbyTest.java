package dev.gatehouse.server.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.demo.LocalRedis;
import io.lettuce.core.ClientOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

class StandbyTest {
    private static final String ID = "A-random_base64url-textAAAAAAA";

    private final LocalRedis server = LocalRedis.startTemporary();

    private final LettuceConnectionFactory connections = new LettuceConnectionFactory(
            new RedisStandaloneConfiguration("127.0.0.1", server.port()),
            LettuceClientConfiguration.builder()
                    .commandTimeout(Duration.ofMillis(300))
                    .clientOptions(ClientOptions.builder()
                            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                            .build())
                    .build());

    private final Standby standby;

    StandbyTest() {
        connections.afterPropertiesSet();
        connections.start();
        standby = new Standby(new StringRedisTemplate(connections), new SimpleMeterRegistry());
    }

    @AfterEach
    void stop() {
        connections.destroy();
        server.close();
    }

    private void looks(int times) {
        for (int i = 0; i < times; i++) {
            standby.look();
        }
    }

    @Test
    void whileRedisAnswersIdsAreAsTheyAre() {
        looks(5);
        assertThat(standby.isNeeded()).isFalse();
        assertThat(standby.mark(ID)).isEqualTo(ID);
        assertThat(Standby.holds(ID)).isFalse();
    }

    @Test
    void aRedisThatIsGoneIsAwayUntilItIsBack() throws IOException, InterruptedException {
        looks(1);
        server.kill();
        looks(2);
        assertThat(standby.isNeeded()).as("a broken connection alone").isFalse();
        looks(1);
        assertThat(standby.isNeeded()).isTrue();
        assertThat(standby.mark(ID)).hasSize(ID.length()).isEqualTo("." + ID.substring(1));
        assertThat(Standby.holds(standby.mark(ID))).isTrue();
        assertThatThrownBy(standby::demandRedis).isInstanceOf(DataAccessException.class);
        server.restart();
        for (int i = 0; i < 250 && standby.isNeeded(); i++) {
            Thread.sleep(20);
            looks(1);
        }
        assertThat(standby.isNeeded()).isFalse();
        standby.demandRedis();
    }

    @Test
    void aRedisThatHangsIsAwayAfterThreePings() throws IOException, InterruptedException {
        looks(1);
        signal("STOP");
        try {
            looks(2);
            assertThat(standby.isNeeded()).isFalse();
            signal("CONT");
            looks(1);
            signal("STOP");
            looks(2);
            assertThat(standby.isNeeded())
                    .as("what was answered in between counts")
                    .isFalse();
            looks(1);
            assertThat(standby.isNeeded()).isTrue();
        } finally {
            signal("CONT");
        }
        looks(1);
        assertThat(standby.isNeeded()).isFalse();
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(server.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }
}
