package dev.gatehouse.server.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpCookie;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A person's browser at the issuer: keeps cookies, fills in our pages, and stops where it would leave for a client. */
final class Browser {
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");

    private final HttpClient http;

    private final Map<String, String> cookies = new ConcurrentHashMap<>();

    private final Map<String, String> headers = new ConcurrentHashMap<>();

    private final String issuer;

    Browser(String issuer) {
        this(issuer, "127.0.0.1");
    }

    /** A browser at another address of this machine, for example {@code 127.0.0.2}. */
    Browser(String issuer, String address) {
        this.issuer = issuer;
        this.http = HttpClient.newBuilder()
                .localAddress(InetAddress.ofLiteral(address))
                .build();
    }

    /** A page, or a redirect, that the browser got. */
    record Page(URI url, HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String body() {
            return response.body();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String location() {
            return header("Location");
        }

        /** The parameters that a redirect brings to where it goes. */
        Map<String, String> query() {
            return parameters(location());
        }

        /** The hidden fields of the first form on the page, by name. */
        Map<String, String> hidden() {
            Map<String, String> fields = new LinkedHashMap<>();
            int end = body().indexOf("</form>");
            Matcher matcher = HIDDEN.matcher(body().substring(0, Math.max(end, 0)));
            while (matcher.find()) {
                fields.put(matcher.group(1), matcher.group(2).replace("&amp;", "&"));
            }
            return fields;
        }
    }

    static Map<String, String> parameters(String url) {
        Map<String, String> parameters = new LinkedHashMap<>();
        String query = URI.create(url).getRawQuery();
        for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
            String[] parts = parameter.split("=", 2);
            parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }

    String cookieHeader() {
        return cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    String cookie(String name) {
        return cookies.getOrDefault(name, "");
    }

    /** Has a cookie from before. */
    void bring(String name, String value) {
        cookies.put(name, value);
    }

    /** Sends a header with every request from now on. */
    void send(String name, String value) {
        headers.put(name, value);
    }

    /** Takes a cookie out, as happens to the session's when the browser is closed. */
    void drop(String name) {
        cookies.remove(name);
    }

    /** One request, without following where it leads. */
    Page get(String path) {
        return send(request(path).GET(), true);
    }

    Page post(String path, Map<String, String> form) {
        return send(posted(path, form), true);
    }

    /** A form that another site posts: the browser keeps our {@code SameSite=Lax} cookies out of it. */
    Page postFromElsewhere(String path, Map<String, String> form) {
        return send(posted(path, form), false);
    }

    private HttpRequest.Builder posted(String path, Map<String, String> form) {
        List<String> pairs = new ArrayList<>();
        form.forEach((name, value) -> {
            pairs.add(name);
            pairs.add(value);
        });
        return request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(ClientSide.form(pairs.toArray(String[]::new))));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : issuer + path))
                .header("Accept", "text/html");
        headers.forEach(request::header);
        return request;
    }

    private Page send(HttpRequest.Builder request, boolean withCookies) {
        if (withCookies && !cookies.isEmpty()) {
            request.header("Cookie", cookieHeader());
        }
        HttpRequest built = request.build();
        try {
            HttpResponse<String> response = http.send(built, BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").forEach(this::keep);
            return new Page(built.uri(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void keep(String header) {
        HttpCookie cookie = HttpCookie.parse(header).getFirst();
        if (cookie.getMaxAge() == 0 || cookie.getValue().isEmpty()) {
            cookies.remove(cookie.getName());
        } else {
            cookies.put(cookie.getName(), cookie.getValue());
        }
    }

    /** Follows redirects as long as they stay at the issuer. */
    Page follow(Page page) {
        Page now = page;
        while (now.status() == 303) {
            URI next = now.url().resolve(now.location());
            if (!next.toString().startsWith(issuer + "/")) {
                return now;
            }
            now = get(next.toString());
        }
        return now;
    }

    Page open(String path) {
        return follow(get(path));
    }

    /** Fills in the login page and follows. */
    Page logIn(Page loginPage, String username, String password) {
        Map<String, String> form = loginPage.hidden();
        form.put("username", username);
        form.put("password", password);
        return follow(post("/login", form));
    }

    Page logInAsAlice(Page loginPage) {
        return logIn(loginPage, "alice", "wonderland-9Lives");
    }

    Page logInAsBob(Page loginPage) {
        return logIn(loginPage, "bob", "builder-7Bridges");
    }

    /** Answers the consent page and follows. */
    Page consent(Page consentPage, String decision) {
        Map<String, String> form = consentPage.hidden();
        form.put("decision", decision);
        return follow(post("/consent", form));
    }
}
