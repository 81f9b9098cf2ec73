package dev.gatehouse.server.ops;

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
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody with a browser who keeps cookies and follows no redirect. */
final class Visitor {
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");

    private final HttpClient http;

    private final String server;

    private final String[] headers;

    /** @param headers names and values in turn, sent with each request */
    Visitor(HttpClient.Builder http, String server, String... headers) {
        this.http = http.cookieHandler(new CookieManager()).build();
        this.server = server;
        this.headers = headers;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).GET().build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    /** The login form, filled in and ready to be sent. */
    HttpRequest login(String username, String password) throws IOException, InterruptedException {
        List<String> form = new ArrayList<>(List.of("username=" + username, "password=" + password));
        Matcher hidden = HIDDEN.matcher(get("/login").body());
        while (hidden.find()) {
            form.add(hidden.group(1) + "=" + URLEncoder.encode(hidden.group(2), StandardCharsets.UTF_8));
        }
        return request("/login")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(String.join("&", form)))
                .build();
    }

    HttpResponse<String> logIn(String username, String password) throws IOException, InterruptedException {
        return http.send(login(username, password), BodyHandlers.ofString());
    }

    HttpClient http() {
        return http;
    }
}
