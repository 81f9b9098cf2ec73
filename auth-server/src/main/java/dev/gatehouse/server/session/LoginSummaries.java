package dev.gatehouse.server.session;

import static dev.gatehouse.server.session.StoredLoginSessions.GRANT;
import static dev.gatehouse.server.session.StoredLoginSessions.TOKEN;
import static java.util.stream.Collectors.toMap;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The logins of a person for the person's eyes: what is stored of them, and what browsers carry on when that has been forgotten. */
final class LoginSummaries {
    private final Function<String, LoginStore> stores;

    private final RememberedBrowsers remembered;

    private final Places places;

    private final InstantSource clock;

    /** @param stores where the login with a sid is kept */
    LoginSummaries(
            Function<String, LoginStore> stores, RememberedBrowsers remembered, Places places, InstantSource clock) {
        this.stores = stores;
        this.remembered = remembered;
        this.places = places;
        this.clock = clock;
    }

    /** @param known the sids of the person */
    List<SessionSummary> of(String accountId, Stream<String> known) {
        Map<String, RememberedBrowser> browsers =
                remembered.of(accountId).stream().collect(toMap(RememberedBrowser::sid, Function.identity()));
        Set<String> sids = new HashSet<>(browsers.keySet());
        known.forEach(sids::add);
        return sids.stream()
                .flatMap(sid -> summary(sid, accountId, browsers.get(sid)).stream())
                .sorted(Comparator.comparing(SessionSummary::usedAt).reversed())
                .toList();
    }

    private Optional<SessionSummary> summary(String sid, String accountId, @Nullable RememberedBrowser browser) {
        Map<String, String> login = stores.apply(sid).fields(sid);
        if (login.isEmpty() && browser != null) {
            return Optional.of(forgotten(browser));
        }
        if (!accountId.equals(login.get("account")) || login.containsKey("ended")) {
            return Optional.empty();
        }
        boolean alive = Long.parseLong(login.getOrDefault("until", "0")) > clock.millis();
        String address = login.getOrDefault("address", "");
        Map<String, String> grants = clients(login, GRANT);
        return alive || browser != null || !grants.isEmpty()
                ? Optional.of(new SessionSummary(
                        sid,
                        alive,
                        Device.parse(login.getOrDefault("device", "")),
                        address,
                        places.of(address),
                        instant(login.get("began")),
                        instant(login.get("used")),
                        browser == null ? null : browser.expiresAt(),
                        grants,
                        clients(login, TOKEN)))
                : Optional.empty();
    }

    private SessionSummary forgotten(RememberedBrowser browser) {
        return new SessionSummary(
                browser.sid(),
                false,
                browser.device(),
                browser.address(),
                places.of(browser.address()),
                browser.begunAt(),
                browser.usedAt(),
                browser.expiresAt(),
                Map.of(),
                Map.of());
    }

    private static Instant instant(@Nullable String millis) {
        return Instant.ofEpochMilli(millis == null ? 0 : Long.parseLong(millis));
    }

    /** What is attached to a login, by the field's name without its prefix. */
    private static Map<String, String> clients(Map<String, String> login, String prefix) {
        Map<String, String> clients = new HashMap<>();
        login.forEach((field, value) -> {
            int space = value.indexOf(' ');
            if (field.startsWith(prefix) && space > 0) {
                clients.put(field.substring(prefix.length()), value.substring(space + 1));
            }
        });
        return clients;
    }
}
