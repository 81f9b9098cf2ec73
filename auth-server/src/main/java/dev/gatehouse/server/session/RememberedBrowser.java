package dev.gatehouse.server.session;

import java.time.Instant;
import java.util.List;

/**
 * A browser in which a person has asked to stay logged in.
 *
 * @param sid the login that it carries on
 * @param generation of the account, when the person proved who they are
 * @param authTime when that was
 * @param amr how, RFC 8176
 * @param address where it was used last
 * @param begunAt when the login began that it carries on
 * @param usedAt when it was last needed
 * @param expiresAt when it ends of itself, however much it is used
 */
public record RememberedBrowser(
        String sid,
        String accountId,
        long generation,
        Instant authTime,
        List<String> amr,
        Device device,
        String address,
        Instant begunAt,
        Instant usedAt,
        Instant expiresAt) {
    public RememberedBrowser {
        amr = List.copyOf(amr);
    }
}
