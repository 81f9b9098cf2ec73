package dev.gatehouse.server.revocation;

import java.util.HashMap;
import java.util.Map;
import org.springframework.context.SmartLifecycle;

/** Who follows the feed now, how many may, and when they must go because the server stops. */
final class Subscribers implements SmartLifecycle {
    private final Map<String, Integer> byClient = new HashMap<>();

    private final int most;

    private final int mostPerClient;

    private final Journal journal;

    private int total;

    private volatile boolean open = true;

    Subscribers(int most, int mostPerClient, Journal journal) {
        this.most = most;
        this.mostPerClient = mostPerClient;
        this.journal = journal;
    }

    /** Takes a place, when there is one; it must be given back. */
    synchronized boolean enter(String clientId) {
        if (!open || total >= most || byClient.getOrDefault(clientId, 0) >= mostPerClient) {
            return false;
        }
        total++;
        byClient.merge(clientId, 1, Integer::sum);
        return true;
    }

    synchronized void leave(String clientId) {
        total--;
        byClient.computeIfPresent(clientId, (_, count) -> count == 1 ? null : count - 1);
    }

    synchronized int count() {
        return total;
    }

    boolean isOpen() {
        return open;
    }

    @Override
    public void start() {
        open = true;
    }

    /** Sends everybody away, before the web server waits for its last requests. */
    @Override
    public void stop() {
        open = false;
        journal.wakeReaders();
    }

    @Override
    public boolean isRunning() {
        return open;
    }

    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
