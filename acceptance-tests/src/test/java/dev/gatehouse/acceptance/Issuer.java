package dev.gatehouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The demo's issuer as a plain HTTP client sees it; remembers every secret that it was given. */
final class Issuer {
    static final String URL = "http://localhost:9000";

    static final String CALLBACK = "http://127.0.0.1:8765/callback";

    private static final Pattern MEMBER = Pattern.compile("\"([a-z_]+)\":\"([^\"]*)\"");

    private static final SecureRandom RANDOM = new SecureRandom();

    private final HttpClient http = HttpClient.newHttpClient();

    private final ConcurrentLinkedQueue<String> secrets = new ConcurrentLinkedQueue<>();

    /** An answer: status, headers and body. */
    record Answer(int status, HttpHeaders headers, String body) {
        /** The first value of a header, or nothing. */
        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /** The value of a string member of a JSON answer. */
        String member(String name) {
            Matcher matcher = MEMBER.matcher(body);
            while (matcher.find()) {
                if (matcher.group(1).equals(name)) {
                    return matcher.group(2);
                }
            }
            throw new AssertionError("no " + name + " in " + body);
        }
    }

    /** Every token, code, cookie value, CSRF value and password that went over the wire so far. */
    List<String> secrets() {
        return List.copyOf(secrets);
    }

    Answer token(String client, String secret, Map<String, String> form) {
        Answer answer = post("/oauth2/token", client, secret, form);
        for (String member : List.of("access_token", "refresh_token", "id_token")) {
            if (answer.body().contains("\"" + member + "\"")) {
                secrets.add(answer.member(member));
            }
        }
        return answer;
    }

    Answer post(String path, String client, String secret, Map<String, String> form) {
        String credentials =
                Base64.getEncoder().encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return answer(send(
                http,
                HttpRequest.newBuilder(URI.create(URL + path))
                        .header("Authorization", "Basic " + credentials)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(encode(form)))
                        .build()));
    }

    /** A GET with a bearer token, at any service. */
    Answer get(String url, String accessToken) {
        return answer(send(
                http,
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", "Bearer " + accessToken)
                        .build()));
    }

    /** A POST of JSON with a bearer token, at any service. */
    Answer post(String url, String accessToken, String json) {
        return answer(send(
                http,
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", "Bearer " + accessToken)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build()));
    }

    /** What orders gets for a token that it was called with: one for inventory, RFC 8693. */
    String exchanged(String subjectToken, String scope) {
        return token(
                        "orders",
                        "orders-secret",
                        Map.of(
                                "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange",
                                "subject_token", subjectToken,
                                "subject_token_type", "urn:ietf:params:oauth:token-type:access_token",
                                "resource", "http://localhost:8082",
                                "scope", scope))
                .member("access_token");
    }

    /** A log-in of a person at the client {@code web}: the token endpoint's answer. */
    Answer logIn(String username, String password, String scope) {
        secrets.add(password);
        CookieManager cookies = new CookieManager();
        HttpClient browser = HttpClient.newBuilder()
                .cookieHandler(cookies)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        String verifier = random();
        HttpResponse<String> page = follow(
                browser,
                URL + "/oauth2/authorize?"
                        + encode(Map.of(
                                "response_type", "code",
                                "client_id", "web",
                                "redirect_uri", CALLBACK,
                                "scope", scope,
                                "state", "state-1",
                                "code_challenge", challenge(verifier),
                                "code_challenge_method", "S256")));
        Map<String, String> form = hiddenFields(page.body());
        secrets.add(form.get("_csrf"));
        form.put("username", username);
        form.put("password", password);
        HttpResponse<String> posted = send(
                browser,
                HttpRequest.newBuilder(URI.create(URL + "/login"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(encode(form)))
                        .build());
        HttpResponse<String> last = follow(browser, location(posted));
        String code = URI.create(location(last)).getQuery().replaceAll("(?:.*&)?code=([^&]*).*", "$1");
        secrets.add(code);
        cookies.getCookieStore().getCookies().forEach(cookie -> secrets.add(cookie.getValue()));
        return token(
                "web",
                "web-secret",
                Map.of(
                        "grant_type", "authorization_code",
                        "code", code,
                        "redirect_uri", CALLBACK,
                        "code_verifier", verifier));
    }

    private static HttpResponse<String> follow(HttpClient browser, String url) {
        String next = url;
        for (int hop = 0; hop < 8; hop++) {
            HttpResponse<String> response =
                    send(browser, HttpRequest.newBuilder(URI.create(next)).build());
            if (response.statusCode() / 100 != 3 || location(response).startsWith(CALLBACK)) {
                return response;
            }
            next = location(response);
        }
        throw new AssertionError("too many redirects from " + url);
    }

    private static String location(HttpResponse<String> response) {
        return response.headers()
                .firstValue("Location")
                .map(location -> response.uri().resolve(location).toString())
                .orElseThrow(() -> new AssertionError(response.statusCode() + " " + response.body()));
    }

    private static Map<String, String> hiddenFields(String page) {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher input = Pattern.compile("<input[^>]*type=\"hidden\"[^>]*>").matcher(page);
        while (input.find()) {
            fields.put(attribute(input.group(), "name"), attribute(input.group(), "value"));
        }
        return fields;
    }

    private static String attribute(String tag, String name) {
        Matcher matcher = Pattern.compile("\\b" + name + "=\"([^\"]*)\"").matcher(tag);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static Answer answer(HttpResponse<String> response) {
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String encode(Map<String, String> form) {
        List<String> pairs = new ArrayList<>();
        form.forEach((name, value) -> pairs.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return pairs.stream().collect(Collectors.joining("&"));
    }

    private static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
