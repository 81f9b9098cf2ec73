package dev.gatehouse.server.session;

import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.standby.Standby;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.session.web.http.CookieHttpSessionIdResolver;
import org.springframework.session.web.http.SessionRepositoryFilter;

/** A browser that keeps its session cookie, in front of the real session filter. */
final class TestBrowser {
    private final SessionRepositoryFilter<BrowserSession> filter;

    private final String cookieName;

    final List<String> cookies = new ArrayList<>();

    TestBrowser(BrowserSessions sessions, Standby standby, Issuer issuer) {
        cookieName = SessionCookie.name(issuer, "gatehouse");
        CookieHttpSessionIdResolver ids = new CookieHttpSessionIdResolver();
        ids.setCookieSerializer(new SessionCookie(issuer, standby));
        filter = new SessionRepositoryFilter<>(sessions);
        filter.setHttpSessionIdResolver(ids);
    }

    @Nullable
    String cookie() {
        return cookies.isEmpty() ? null : cookies.getLast();
    }

    <T extends @Nullable Object> T request(Function<HttpServletRequest, T> work) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        if (!cookies.isEmpty()) {
            request.setCookies(new Cookie(cookieName, cookies.getLast()));
        }
        MockHttpServletResponse response = new MockHttpServletResponse();
        T answer = send(request, response, work);
        Cookie set = response.getCookie(cookieName);
        if (set != null) {
            cookies.add(set.getValue());
        }
        return answer;
    }

    <T extends @Nullable Object> T send(
            MockHttpServletRequest request, MockHttpServletResponse response, Function<HttpServletRequest, T> work) {
        AtomicReference<T> answer = new AtomicReference<>();
        try {
            filter.doFilter(request, response, new MockFilterChain(new HttpServlet() {
                @Override
                protected void service(HttpServletRequest request, HttpServletResponse response) {
                    answer.set(work.apply(request));
                }
            }));
        } catch (IOException | ServletException e) {
            throw new IllegalStateException(e);
        }
        return answer.get();
    }
}
