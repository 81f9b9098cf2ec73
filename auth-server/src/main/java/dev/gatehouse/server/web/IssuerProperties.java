package dev.gatehouse.server.web;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who we are.
 *
 * @param issuer the issuer identifier, RFC 8414 section 2, for example {@code https://id.example.com}: the URL under which
 *     people and services reach this server
 */
@ConfigurationProperties("gatehouse")
record IssuerProperties(@Nullable String issuer) {
    IssuerProperties {
        if (issuer == null || issuer.isBlank()) {
            throw new IllegalArgumentException("gatehouse.issuer must be set, for example to https://id.example.com");
        }
        URI uri = uri(issuer);
        if (!("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())) || uri.getHost() == null) {
            throw new IllegalArgumentException("gatehouse.issuer must be an absolute https URL");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("gatehouse.issuer must have no query, fragment or user");
        }
        if (issuer.endsWith("/")) {
            throw new IllegalArgumentException("gatehouse.issuer must not end with a slash");
        }
    }

    private static URI uri(String issuer) {
        try {
            return URI.create(issuer);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("gatehouse.issuer is not a URL", e);
        }
    }

    /** The issuer, once it is sure that its tokens and cookies cannot travel in clear. */
    String safeFor(@Nullable InetAddress boundTo) {
        if (issuer == null) {
            throw new IllegalStateException();
        }
        URI uri = uri(issuer);
        boolean loopback = boundTo != null && boundTo.isLoopbackAddress() && isLoopback(uri.getHost());
        if ("http".equals(uri.getScheme()) && !loopback) {
            throw new IllegalArgumentException(
                    "gatehouse.issuer is an http URL, which is allowed only for localhost on a"
                            + " server bound to loopback (server.address=127.0.0.1): use https");
        }
        return issuer;
    }

    private static boolean isLoopback(String host) {
        String bare = host.replaceAll("[\\[\\]]", "");
        return bare.toLowerCase(Locale.ROOT).equals("localhost")
                || IpAddresses.parse(bare).map(InetAddress::isLoopbackAddress).orElse(false);
    }
}
