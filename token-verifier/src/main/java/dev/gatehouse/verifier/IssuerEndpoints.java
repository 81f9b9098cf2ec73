package dev.gatehouse.verifier;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the issuer's endpoints are, as its metadata says, RFC 8414; addresses under the issuer's public one are moved to where it is reached. */
final class IssuerEndpoints {

    private static final Logger log = LoggerFactory.getLogger(IssuerEndpoints.class);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int LIMIT = 256 * 1024;

    private final VerifierSettings settings;
    private final IssuerClient client;
    private final AtomicReference<@Nullable CompletableFuture<Map<String, Object>>> discovery = new AtomicReference<>();
    private volatile @Nullable Map<String, Object> metadata;
    private volatile boolean doubted;

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

    URI applied() {
        return underIssuer("/revocations/applied");
    }

    /** Where tokens are introspected; asked for first, when that is not known yet, within a time. */
    URI introspection(Duration patience) throws IOException, InterruptedException {
        Map<String, Object> known = metadata;
        return named("introspection_endpoint", known != null ? known : discover(patience));
    }

    /** Where the keys are, by metadata that is asked for when there is none or when keys were not to be had there. */
    URI jwkSet() throws IOException, InterruptedException {
        URI given = settings.jwkSetUri();
        if (given != null) {
            return given;
        }
        Map<String, Object> known = metadata;
        if (known == null) {
            return named("jwks_uri", discover(DEADLINE));
        }
        return named("jwks_uri", doubted ? rediscover(known) : known);
    }

    /** Asks for the metadata anew next time; until the answer is there, the ones that are known hold. */
    void doubt() {
        doubted = true;
    }

    private URI named(String member, Map<String, Object> known) throws IOException {
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

    private Map<String, Object> rediscover(Map<String, Object> known) throws InterruptedException {
        try {
            return discover(DEADLINE);
        } catch (IOException failure) {
            log.debug("The issuer's metadata could not be fetched, the last ones hold: {}", failure.toString());
            return known;
        }
    }

    /** Whoever comes while somebody is asking waits for that answer, no longer than its own patience. */
    private Map<String, Object> discover(Duration patience) throws IOException, InterruptedException {
        CompletableFuture<Map<String, Object>> own = new CompletableFuture<>();
        CompletableFuture<Map<String, Object>> underWay = discovery.compareAndExchange(null, own);
        if (underWay != null) {
            return await(underWay, patience);
        }
        try {
            Map<String, Object> answer = fetch(patience);
            own.complete(answer);
            return answer;
        } finally {
            own.cancel(false);
            discovery.set(null);
        }
    }

    private static Map<String, Object> await(CompletableFuture<Map<String, Object>> answer, Duration patience)
            throws IOException, InterruptedException {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | CancellationException | TimeoutException failure) {
            throw new IOException("the issuer's metadata could not be fetched", failure);
        }
    }

    private Map<String, Object> fetch(Duration patience) throws IOException, InterruptedException {
        URI location = settings.issuerLocation();
        URI wellKnown = location.resolve("/.well-known/oauth-authorization-server" + path(location));
        Map<String, Object> answer = client.get(wellKnown, patience, LIMIT).members();
        if (!settings.issuer().equals(answer.get("issuer"))) {
            throw new IOException("the metadata at " + wellKnown + " is that of another issuer");
        }
        metadata = answer;
        doubted = false;
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
