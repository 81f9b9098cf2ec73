package dev.gatehouse.server;

import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.metrics.MicrometerCommandLatencyRecorder;
import io.lettuce.core.metrics.MicrometerOptions;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.NettyCustomizer;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * How connections to Redis are written to, fail, come back and are measured: what many requests send at the same moment goes out in
 * one write; a command on a broken connection fails at once instead of waiting to be sent later, when nobody wants its answer any more; a Redis that is back is found within half a second; the
 * metric {@code lettuce.command.completion} has the latency by command.
 */
@Configuration(proxyBeanMethods = false)
class RedisConnections {
    private static final Duration FIRST_DELAY = Duration.ofMillis(10);

    private static final Duration LONGEST_DELAY = Duration.ofMillis(500);

    private static final int MOST_FLUSHES = 256;

    @Bean
    LettuceClientOptionsBuilderCustomizer failAtOnce() {
        return options -> options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS);
    }

    @Bean
    ClientResourcesBuilderCustomizer comeBackSoon() {
        return resources ->
                resources.reconnectDelay(Delay.exponential(FIRST_DELAY, LONGEST_DELAY, 2, TimeUnit.MILLISECONDS));
    }

    @Bean
    ClientResourcesBuilderCustomizer writeTogether() {
        return resources -> resources.nettyCustomizer(new NettyCustomizer() {
            @Override
            public void afterChannelInitialized(Channel channel) {
                channel.pipeline().addFirst(new FlushConsolidationHandler(MOST_FLUSHES, true));
            }
        });
    }

    @Bean
    ClientResourcesBuilderCustomizer measureCommands(MeterRegistry metrics) {
        return resources -> resources.commandLatencyRecorder(
                new MicrometerCommandLatencyRecorder(metrics, MicrometerOptions.create()));
    }
}
