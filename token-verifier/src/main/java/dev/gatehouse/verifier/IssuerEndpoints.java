package dev.gatehouse.verifier;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the issuer's endpoints are, as its metadata says, RFC 8414; addresses under the issuer's public one are moved to where it is reached. */
final class IssuerEndpoints {

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int LIMIT = 256 * 1024;

    private final VerifierSettings settings;
    private final IssuerClient client;
    private volatile @Nullable Map<String, Object> metadata;

    IssuerEndpoints(VerifierSettings settings, IssuerClient client) {
        this.settings = settings;
        this.client = client;
    }

    URI feed() {
        return underIssuer("/revocations/feed");
    }

    URI snapshot() {
        return underIssuer("/revocations/snapshot");
    }

    URI jwkSet() throws IOException, InterruptedException {
        URI given = settings.jwkSetUri();
        return given != null ? given : named("jwks_uri");
    }

    URI introspection() throws IOException, InterruptedException {
        return named("introspection_endpoint");
    }

    /** Asks for the metadata anew next time. */
    void forget() {
        metadata = null;
    }

    private URI named(String member) throws IOException, InterruptedException {
        Map<String, Object> known = metadata;
        if (known == null) {
            known = discover();
            metadata = known;
        }
        try {
            URI uri = JSONObjectUtils.getURI(known, member);
            if (uri == null) {
                throw new IOException("the issuer's metadata has no " + member);
            }
            return reachable(uri);
        } catch (ParseException bad) {
            throw new IOException("the issuer's metadata has a bad " + member, bad);
        }
    }

    private Map<String, Object> discover() throws IOException, InterruptedException {
        URI location = settings.issuerLocation();
        URI wellKnown = location.resolve("/.well-known/oauth-authorization-server" + path(location));
        Map<String, Object> answer = client.get(wellKnown, DEADLINE, LIMIT).members();
        if (!settings.issuer().equals(answer.get("issuer"))) {
            throw new IOException("the metadata at " + wellKnown + " is that of another issuer");
        }
        return answer;
    }

    private URI reachable(URI uri) throws IOException {
        String text = uri.toString();
        String published = withoutSlash(settings.issuer());
        URI reachable = text.startsWith(published + "/") ? underIssuer(text.substring(published.length())) : uri;
        if (!isSafe(reachable, settings.plainHttpAllowed())) {
            throw new IOException("the issuer's metadata names " + reachable + ", which is not https");
        }
        return reachable;
    }

    private URI underIssuer(String path) {
        return URI.create(withoutSlash(settings.issuerLocation().toString()) + path);
    }

    private static String path(URI location) {
        return withoutSlash(location.getRawPath());
    }

    private static String withoutSlash(String text) {
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** Keys and secrets travel encrypted, or stay on this machine. */
    static boolean isSafe(URI uri, boolean plainHttpAllowed) {
        if (uri.getHost() == null) {
            return false;
        }
        return switch (String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT)) {
            case "https" -> true;
            case "http" -> plainHttpAllowed || isLoopback(uri.getHost());
            default -> false;
        };
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.matches("127(\\.[0-9]{1,3}){3}")
                || host.equals("[::1]");
    }
}
