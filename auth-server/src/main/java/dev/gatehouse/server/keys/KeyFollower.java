package dev.gatehouse.server.keys;

import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Looks for changes of the signing keys each second, and once more before the server takes requests: what a start took must
 * not make a replica publish an old key set.
 */
class KeyFollower implements SmartLifecycle {
    private final SigningKeys keys;

    private volatile boolean running;

    KeyFollower(SigningKeys keys) {
        this.keys = keys;
    }

    @Scheduled(fixedRate = 1, initialDelay = 1, timeUnit = TimeUnit.SECONDS)
    void follow() {
        keys.refresh();
    }

    @Override
    public void start() {
        keys.refresh();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the web server. */
    @Override
    public int getPhase() {
        return 0;
    }
}
