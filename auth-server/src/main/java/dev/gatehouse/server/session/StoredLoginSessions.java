package dev.gatehouse.server.session;

import dev.gatehouse.server.session.LoginStore.Beginning;
import dev.gatehouse.server.session.LoginStore.How;
import dev.gatehouse.server.standby.Standby;
import dev.gatehouse.server.web.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Logins: in Redis, and those that are begun while it is away in PostgreSQL. Each is stored under its sid, as fields, apart from the browser's
 * session:
 *
 * <pre>
 * account   the sub
 * session   SHA-256 of the browser's session id
 * until     when the login expires of itself, milliseconds; moves on while the browser is used
 * latest    what until never goes beyond
 * ended     1 once it has ended
 * began     when the person logged in, milliseconds
 * used      when the browser was here last, milliseconds
 * address   where from
 * device    what the browser says that it is
 * g:&lt;id&gt;    one for each grant that hangs on it: 0 and the client, as in 0 web
 * j:&lt;jti&gt;   one for each access token without a grant: when it expires, milliseconds, and the client
 * c:&lt;id&gt;    one for each client that ever got a token in it
 * </pre>
 *
 * An expired login is remembered while its grants can live, an ended one for an hour: long enough for whoever reads its
 * revocation rule to end the grants again.
 */
final class StoredLoginSessions implements LoginSessions {
    static final String ATTRIBUTE = "login";

    private static final int SID_BYTES = 16;

    static final String GRANT = "g:";

    static final String TOKEN = "j:";

    static final String CLIENT = "c:";

    private final LoginStore redis;

    private final LoginStore postgres;

    private final Standby standby;

    private final BrowserSessions sessions;

    private final BrowserInteractions interactions;

    private final SessionProperties properties;

    private final ClientAddress clientAddress;

    private final RememberedBrowsers remembered;

    private final LoginSummaries summaries;

    private final InstantSource clock;

    private final SecureRandom random;

    StoredLoginSessions(
            LoginStore redis,
            LoginStore postgres,
            Standby standby,
            BrowserSessions sessions,
            BrowserInteractions interactions,
            RememberedBrowsers remembered,
            SessionProperties properties,
            ClientAddress clientAddress,
            InstantSource clock,
            SecureRandom random) {
        this.redis = redis;
        this.postgres = postgres;
        this.standby = standby;
        this.sessions = sessions;
        this.interactions = interactions;
        this.properties = properties;
        this.clientAddress = clientAddress;
        this.remembered = remembered;
        this.summaries = new LoginSummaries(this::store, remembered, new Places(properties.placesFile()), clock);
        this.clock = clock;
        this.random = random;
    }

    private LoginStore store(String sid) {
        return Standby.holds(sid) ? postgres : redis;
    }

    @Override
    public Optional<LoginSession> current(HttpServletRequest request) {
        HttpSession browser = request.getSession(false);
        if (browser == null || !(browser.getAttribute(ATTRIBUTE) instanceof LoginSession login)) {
            return Optional.empty();
        }
        if (store(login.sid()).use(login.sid(), clientAddress.of(request))) {
            return Optional.of(login);
        }
        browser.removeAttribute(ATTRIBUTE);
        browser.setMaxInactiveInterval(
                Math.toIntExact(properties.anonymousTimeout().toSeconds()));
        return Optional.empty();
    }

    @Override
    public LoginSession start(HttpServletRequest request, String accountId, String username, List<String> amr) {
        Optional<LoginSession> before = current(request);
        HttpSession browser = request.getSession();
        request.changeSessionId();
        String digest = BrowserSessions.digest(browser.getId());
        String sid = before.filter(login -> login.accountId().equals(accountId))
                .map(LoginSession::sid)
                .filter(same -> begin(same, How.AGAIN, accountId, digest, clock.instant(), request))
                .orElse(null);
        if (sid == null) {
            sid = newSid();
            begin(sid, How.NEW, accountId, digest, clock.instant(), request);
            interactions.forgetConsents(browser);
        }
        Instant authTime = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return logIn(browser, new LoginSession(sid, accountId, username, authTime, amr, acr(amr)));
    }

    @Override
    public Optional<LoginSession> carryOn(HttpServletRequest request, RememberedBrowser remembered, String username) {
        String sid = remembered.sid();
        String account = remembered.accountId();
        HttpSession browser = request.getSession();
        request.changeSessionId();
        String digest = BrowserSessions.digest(browser.getId());
        if (!begin(sid, How.CARRY_ON, account, digest, remembered.begunAt(), request)) {
            return Optional.empty();
        }
        // Whoever ended it before it was there again has ended what is remembered as well.
        if (!this.remembered.isKept(sid)) {
            end(sid);
            return Optional.empty();
        }
        interactions.forgetConsents(browser);
        return Optional.of(logIn(
                browser,
                new LoginSession(
                        sid, account, username, remembered.authTime(), remembered.amr(), LoginSession.REMEMBERED)));
    }

    private LoginSession logIn(HttpSession browser, LoginSession login) {
        browser.setMaxInactiveInterval(Math.toIntExact(properties.idleTimeout().toSeconds()));
        browser.setAttribute(ATTRIBUTE, login);
        return login;
    }

    /** ISO/IEC 29115 levels, as OpenID Connect Core section 2 suggests: one factor, or more than one. */
    private static String acr(List<String> amr) {
        return amr.contains("mfa") ? "2" : "1";
    }

    private boolean begin(
            String sid, How how, String accountId, String digest, Instant began, HttpServletRequest request) {
        String userAgent = request.getHeader("User-Agent");
        String device = Device.of(userAgent == null ? "" : userAgent).text();
        return store(sid).begin(sid, how, accountId, new Beginning(digest, began, clientAddress.of(request), device));
    }

    private String newSid() {
        byte[] bytes = new byte[SID_BYTES];
        random.nextBytes(bytes);
        return standby.mark(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    @Override
    public boolean isAlive(String sid) {
        return store(sid).isAlive(sid);
    }

    @Override
    public boolean canEnd(String sid) {
        return store(sid).canEnd(sid);
    }

    @Override
    public boolean attachGrant(String sid, String grantId, String clientId) {
        return store(sid).attach(sid, GRANT + grantId, "0 " + clientId, clientId, properties.grantsKept());
    }

    @Override
    public boolean attachToken(String sid, String jti, String clientId, Instant expires) {
        return store(sid)
                .attach(
                        sid,
                        TOKEN + jti,
                        expires.toEpochMilli() + " " + clientId,
                        clientId,
                        properties.absoluteTimeout());
    }

    @Override
    public List<SessionSummary> of(String accountId) {
        return summaries.of(accountId, Stream.concat(redis.of(accountId).stream(), postgres.of(accountId).stream()));
    }

    @Override
    public Optional<EndedSession> end(String sid) {
        Optional<EndedSession> ended = endNow(sid);
        // A browser that was carrying it on at this moment may have begun it once more.
        return remembered.forget(sid) ? endNow(sid).or(() -> ended) : ended;
    }

    private Optional<EndedSession> endNow(String sid) {
        Map<String, String> login = store(sid).end(sid);
        if (login.isEmpty()) {
            return Optional.empty();
        }
        String account = login.getOrDefault("account", "");
        sessions.deleteByDigest(login.getOrDefault("session", ""));
        return Optional.of(new EndedSession(sid, account, named(login, GRANT), named(login, CLIENT)));
    }

    private static Set<String> named(Map<String, String> login, String prefix) {
        return login.keySet().stream()
                .filter(field -> field.startsWith(prefix))
                .map(field -> field.substring(prefix.length()))
                .collect(Collectors.toSet());
    }
}
