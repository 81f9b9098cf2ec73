package dev.gatehouse.server.session;

import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.standby.Standby;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;

/**
 * The session cookie. What cannot be a session id of ours is not looked up, nor more than a few of them. While Redis is away, who comes to log in comes
 * as if without the session that lies there, and gets another; everybody else is told to come back.
 */
public final class SessionCookie implements CookieSerializer {
    private static final int MOST_LOOKED_UP = 3;

    private final DefaultCookieSerializer cookie = new DefaultCookieSerializer();

    private final Standby standby;

    SessionCookie(Issuer issuer, Standby standby) {
        this.standby = standby;
        cookie.setCookieName(name(issuer, "gatehouse"));
        cookie.setCookiePath("/");
        cookie.setUseHttpOnlyCookie(true);
        cookie.setUseSecureCookie(isSecure(issuer));
        cookie.setSameSite("Lax");
        cookie.setUseBase64Encoding(false);
    }

    public static boolean isSecure(Issuer issuer) {
        return issuer.value().startsWith("https:");
    }

    /** A cookie's name; with the prefix that keeps other hosts and plain HTTP from setting it, where there is TLS. */
    public static String name(Issuer issuer, String plain) {
        return isSecure(issuer) ? "__Host-" + plain : plain;
    }

    @Override
    public void writeCookieValue(CookieValue cookieValue) {
        cookie.writeCookieValue(cookieValue);
    }

    @Override
    public List<String> readCookieValues(HttpServletRequest request) {
        return cookie.readCookieValues(request).stream()
                .filter(BrowserSessions::isPlausible)
                .filter(id -> Standby.holds(id) || !standby.isNeeded() || !isToLogIn(request))
                .limit(MOST_LOOKED_UP)
                .toList();
    }

    /** Who asks whether somebody is logged in must not be told that nobody is. */
    private static boolean isToLogIn(HttpServletRequest request) {
        String path = request.getRequestURI();
        String prompt = request.getParameter("prompt");
        return path.equals("/login")
                || (path.equals("/oauth2/authorize") && (prompt == null || !prompt.contains("none")));
    }
}
