package dev.gatehouse.server.login;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.security.web.csrf.DeferredCsrfToken;

/** What tells a browser that nobody has logged in on from every other: the secret in the cookie by which its forms are known. */
final class ThisBrowser {
    private ThisBrowser() {}

    static String secret(HttpServletRequest request) {
        if (request.getAttribute(DeferredCsrfToken.class.getName()) instanceof DeferredCsrfToken token) {
            return token.get().getToken();
        }
        throw new IllegalStateException("the request has not passed the check of its forms");
    }
}
