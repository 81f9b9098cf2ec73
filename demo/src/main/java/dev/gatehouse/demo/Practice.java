package dev.gatehouse.demo;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The work of an auth server with the demo's data, each kind of it so often that java learns which code is hot and how it is used: tokens of
 * a service, introspection, keys, and a person's logins with refreshes and a revocation.
 */
final class Practice {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int TOKENS = 2000;

    private static final int LOGINS = 40;

    private static final int REFRESHES = 25;

    private static final String REDIRECT = "http://127.0.0.1:8765/callback";

    /** Of RFC 7636, appendix B. */
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private static final Pattern INPUT = Pattern.compile("<input[^>]* name=\"([^\"]+)\"(?:[^>]* value=\"([^\"]*)\")?");

    private final String issuer;

    private final HttpClient http = browser().build();

    Practice(String issuer) {
        this.issuer = issuer;
    }

    void work() throws IOException, InterruptedException {
        for (int i = 0; i < TOKENS; i++) {
            post(http, "/oauth2/introspect", Map.of("token", serviceToken()), "Authorization", basic("inventory"));
            get(http, issuer + "/oauth2/jwks");
        }
        for (int i = 0; i < LOGINS; i++) {
            String refreshToken = field(logIn(), "refresh_token");
            for (int j = 0; j < REFRESHES; j++) {
                refreshToken = field(
                        token("web", Map.of("grant_type", "refresh_token", "refresh_token", refreshToken)),
                        "refresh_token");
            }
            post(http, "/oauth2/revoke", Map.of("token", refreshToken), "Authorization", basic("web"));
        }
    }

    String serviceToken() throws IOException, InterruptedException {
        return field(token("load", Map.of("grant_type", "client_credentials")), "access_token");
    }

    /** By authorization code and PKCE, as a browser that is here for the first time. */
    private String logIn() throws IOException, InterruptedException {
        HttpClient browser = browser().cookieHandler(new CookieManager()).build();
        String at = issuer + "/oauth2/authorize?"
                + encoded(Map.of(
                        "response_type", "code",
                        "client_id", "web",
                        "redirect_uri", REDIRECT,
                        "scope", "openid offline_access orders.read",
                        "code_challenge", CHALLENGE,
                        "code_challenge_method", "S256"));
        HttpResponse<String> answer = get(browser, at);
        while (true) {
            String location = answer.headers().firstValue("Location").orElse("");
            if (location.isEmpty()) {
                answer = post(browser, "/login", filledIn(answer.body()));
            } else if (location.startsWith(REDIRECT)) {
                return token("web", redemption(location));
            } else {
                answer = get(browser, URI.create(issuer).resolve(location).toString());
            }
        }
    }

    private static Map<String, String> filledIn(String page) throws IOException {
        Map<String, String> form = new LinkedHashMap<>();
        Matcher input = INPUT.matcher(page.substring(0, Math.max(0, page.indexOf("</form>"))));
        while (input.find()) {
            form.put(input.group(1), input.group(2) == null ? "" : input.group(2));
        }
        form.remove("remember-me");
        if (form.replace("username", "alice") == null || form.replace("password", "wonderland-9Lives") == null) {
            throw new IOException("no login page: " + page);
        }
        return form;
    }

    private static Map<String, String> redemption(String location) {
        return Map.of(
                "grant_type",
                "authorization_code",
                "code",
                location.replaceAll(".*[?&]code=([^&]+).*", "$1"),
                "redirect_uri",
                REDIRECT,
                "code_verifier",
                VERIFIER);
    }

    private String token(String client, Map<String, String> form) throws IOException, InterruptedException {
        return post(http, "/oauth2/token", form, "Authorization", basic(client)).body();
    }

    private static String basic(String client) {
        byte[] credentials = (client + ":" + client + "-secret").getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    private static HttpClient.Builder browser() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    }

    private HttpResponse<String> post(HttpClient through, String path, Map<String, String> form, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(issuer + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encoded(form)));
        return sent(through, (headers.length == 0 ? request : request.headers(headers)).build());
    }

    private static HttpResponse<String> get(HttpClient through, String address)
            throws IOException, InterruptedException {
        return sent(
                through,
                HttpRequest.newBuilder(URI.create(address)).timeout(PATIENCE).build());
    }

    private static HttpResponse<String> sent(HttpClient through, HttpRequest request)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = through.send(request, BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw new IOException(answer.statusCode() + " at " + request.uri().getPath() + ": " + answer.body());
        }
        return answer;
    }

    private static String field(String json, String name) throws IOException {
        Matcher value = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
        if (!value.find()) {
            throw new IOException("no " + name);
        }
        return value.group(1);
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
