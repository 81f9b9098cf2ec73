package dev.gatehouse.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.function.Supplier;

/** A client's id and secret as an {@code Authorization} header, RFC 6749 section 2.3.1. */
public final class BasicCredentials implements Supplier<String> {

    private final String header;

    public BasicCredentials(String clientId, String clientSecret) {
        String pair = URLEncoder.encode(clientId, UTF_8) + ":" + URLEncoder.encode(clientSecret, UTF_8);
        this.header = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    @Override
    public String get() {
        return header;
    }

    @Override
    public String toString() {
        return "***";
    }
}
