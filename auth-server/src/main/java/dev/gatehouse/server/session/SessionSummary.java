package dev.gatehouse.server.session;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A login as its person sees it.
 *
 * @param alive whether the browser is still logged in; a login that has expired is kept while grants hang on it
 * @param address where it was used last
 * @param place the same in words, or empty
 * @param begunAt when the person logged in
 * @param usedAt when the browser was here last
 * @param rememberedUntil until when the browser carries it on, if it does
 * @param grants the clients that hold a grant in it, by the grant's id
 * @param tokens the clients that hold only an access token in it, by its {@code jti}
 */
public record SessionSummary(
        String sid,
        boolean alive,
        Device device,
        String address,
        String place,
        Instant begunAt,
        Instant usedAt,
        @Nullable Instant rememberedUntil,
        Map<String, String> grants,
        Map<String, String> tokens) {
    public SessionSummary {
        grants = Map.copyOf(grants);
        tokens = Map.copyOf(tokens);
    }

    /** The clients that hold anything in it. */
    public Set<String> clients() {
        Set<String> clients = new TreeSet<>(grants.values());
        clients.addAll(tokens.values());
        return clients;
    }
}
