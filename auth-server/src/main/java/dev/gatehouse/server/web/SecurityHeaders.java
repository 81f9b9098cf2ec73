package dev.gatehouse.server.web;

import dev.gatehouse.server.oauth.Issuer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The security headers of every response, whichever chain or filter answers.
 *
 * <p>They are set before anything else runs, so a refusal by the first filter bears them too, and Spring Security's own
 * header writers, which leave alone what is set, add no more than {@code Cache-Control}.
 */
public final class SecurityHeaders extends OncePerRequestFilter {
    static final String POLICY = "Content-Security-Policy";

    private static final String STRICT =
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final String OUR_FORMS = "; form-action 'self'";

    private final boolean https;

    SecurityHeaders(Issuer issuer) {
        this.https = issuer.value().startsWith("https:");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        write(response, https);
        chain.doFilter(request, response);
    }

    static void write(HttpServletResponse response, boolean https) {
        response.setHeader(POLICY, STRICT + OUR_FORMS);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader(
                "Permissions-Policy",
                "accelerometer=(), camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()");
        if (https) {
            response.setHeader("Strict-Transport-Security", "max-age=31536000");
        }
    }

    /**
     * Lets the forms of this page end at a client. Browsers hold {@code form-action} against every redirect that follows a
     * post, so it would have to name not only the client's redirect URI but wherever the client sends the browser from
     * there, which we cannot know. The rest of the policy stays as strict as on every page.
     */
    public static void allowFormsToEndAtClient(HttpServletResponse response) {
        response.setHeader(POLICY, policy(response).replace(OUR_FORMS, ""));
    }

    /** Lets this page run our own scripts: authenticators cannot be asked without. They may send nothing but its forms. */
    public static void allowOwnScripts(HttpServletResponse response) {
        response.setHeader(POLICY, policy(response) + "; script-src 'self'");
    }

    private static String policy(HttpServletResponse response) {
        return Objects.requireNonNullElse(response.getHeader(POLICY), STRICT);
    }
}
