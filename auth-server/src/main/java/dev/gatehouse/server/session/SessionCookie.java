package dev.gatehouse.server.session;

import dev.gatehouse.server.oauth.Issuer;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;

/** The session cookie. What cannot be a session id of ours is not looked up, nor more than a few of them. */
public final class SessionCookie implements CookieSerializer {
    private static final int MOST_LOOKED_UP = 3;

    private final DefaultCookieSerializer cookie = new DefaultCookieSerializer();

    SessionCookie(Issuer issuer) {
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
                .filter(RedisSessions::isPlausible)
                .limit(MOST_LOOKED_UP)
                .toList();
    }
}
