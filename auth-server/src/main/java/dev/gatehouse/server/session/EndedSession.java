package dev.gatehouse.server.session;

import java.util.Set;

/**
 * A login that has ended.
 *
 * @param grants the grants that hung on it
 * @param clients the clients that got tokens in it
 */
public record EndedSession(String sid, String accountId, Set<String> grants, Set<String> clients) {
    public EndedSession {
        grants = Set.copyOf(grants);
        clients = Set.copyOf(clients);
    }
}
