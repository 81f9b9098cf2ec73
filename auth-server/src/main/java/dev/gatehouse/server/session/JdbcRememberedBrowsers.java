package dev.gatehouse.server.session;

import dev.gatehouse.server.keys.ServerSecret;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.session.RememberedTable.Rotation;
import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/**
 * Remembered browsers in PostgreSQL: they must outlive Redis, and what was ended must stay so when Redis comes back with older data.
 */
final class JdbcRememberedBrowsers implements RememberedBrowsers {
    /** Tabs that open together, and a browser that asks again because it did not get the answer. */
    static final Duration GRACE = Duration.ofSeconds(30);

    private static final int MOST_READ = 3;

    private final RememberedTable table;

    private final RememberedSecret.Format format;

    private final Issuer issuer;

    private final Duration lifetime;

    private final ClientAddress clientAddress;

    private final InstantSource clock;

    private final SecureRandom random;

    JdbcRememberedBrowsers(
            RememberedTable table,
            ServerSecret serverSecret,
            Issuer issuer,
            Duration lifetime,
            ClientAddress clientAddress,
            InstantSource clock,
            SecureRandom random) {
        this.table = table;
        this.format = new RememberedSecret.Format(serverSecret);
        this.issuer = issuer;
        this.lifetime = lifetime;
        this.clientAddress = clientAddress;
        this.clock = clock;
        this.random = random;
    }

    static String cookieName(Issuer issuer) {
        return SessionCookie.name(issuer, "gatehouse-remembered");
    }

    @Override
    public boolean areOffered() {
        return lifetime.isPositive();
    }

    @Override
    public void remember(
            HttpServletRequest request, HttpServletResponse response, LoginSession login, long generation) {
        read(request).filter(before -> !before.sid().equals(login.sid())).ifPresent(before -> forget(before.sid()));
        byte[] secret = new byte[RememberedSecret.SECRET];
        random.nextBytes(secret);
        RememberedSecret remembered = new RememberedSecret(login.sid(), secret);
        table.keep(remembered, login, generation, clientAddress.of(request), device(request));
        write(response, format.write(remembered), lifetime);
    }

    @Override
    public Presentation present(HttpServletRequest request, HttpServletResponse response) {
        if (!areOffered() || !hasCookie(request)) {
            return new Unknown();
        }
        Presentation presentation = read(request)
                .map(remembered -> present(remembered, request, response))
                .orElseGet(Unknown::new);
        if (!(presentation instanceof Recognised)) {
            write(response, "", Duration.ZERO);
        }
        return presentation;
    }

    private Presentation present(
            RememberedSecret remembered, HttpServletRequest request, HttpServletResponse response) {
        RememberedSecret successor = format.successor(remembered);
        Optional<Rotation> found = table.rotate(remembered, successor, clientAddress.of(request), device(request));
        if (found.isEmpty()) {
            return new Unknown();
        }
        Rotation rotation = found.get();
        if (!rotation.known()) {
            return new Stolen(rotation.browser());
        }
        // The one that another tab has put in its place meanwhile stays.
        if (rotation.followed()) {
            Duration left = Duration.between(clock.instant(), rotation.browser().expiresAt());
            write(response, format.write(successor), left);
        }
        return new Recognised(rotation.browser());
    }

    @Override
    public Optional<RememberedBrowser> find(HttpServletRequest request) {
        return read(request).flatMap(remembered -> table.find(remembered.sid()));
    }

    @Override
    public boolean isKept(String sid) {
        return table.find(sid).isPresent();
    }

    @Override
    public void forget(HttpServletRequest request, HttpServletResponse response) {
        if (hasCookie(request)) {
            read(request).ifPresent(remembered -> forget(remembered.sid()));
            write(response, "", Duration.ZERO);
        }
    }

    @Override
    public boolean forget(String sid) {
        return table.forget(sid);
    }

    @Override
    public List<RememberedBrowser> of(String accountId) {
        return areOffered() ? table.of(UUID.fromString(accountId)) : List.of();
    }

    private boolean hasCookie(HttpServletRequest request) {
        return values(request).findAny().isPresent();
    }

    /** The first that is genuine; of more than a few cookies no browser has been given them by us. */
    private Optional<RememberedSecret> read(HttpServletRequest request) {
        return values(request)
                .limit(MOST_READ)
                .flatMap(value -> format.read(value).stream())
                .findFirst();
    }

    private Stream<String> values(HttpServletRequest request) {
        String name = cookieName(issuer);
        return Stream.ofNullable(request.getCookies())
                .flatMap(Arrays::stream)
                .filter(cookie -> cookie.getName().equals(name))
                .map(Cookie::getValue);
    }

    private static Device device(HttpServletRequest request) {
        String userAgent = request.getHeader("User-Agent");
        return Device.of(userAgent == null ? "" : userAgent);
    }

    /** In the way of the session cookie. */
    private void write(HttpServletResponse response, String value, Duration lifetime) {
        ResponseCookie cookie = ResponseCookie.from(cookieName(issuer), value)
                .path("/")
                .httpOnly(true)
                .secure(SessionCookie.isSecure(issuer))
                .sameSite("Lax")
                .maxAge(lifetime)
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }
}
