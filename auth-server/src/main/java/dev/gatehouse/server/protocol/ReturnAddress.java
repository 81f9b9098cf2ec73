package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.oauth.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where an authorization response goes: the client, and a redirect URI that is certainly the client's.
 *
 * @param given whether the request named the redirect URI
 */
record ReturnAddress(
        Client client,
        String redirectUri,
        boolean given,
        @Nullable String state) {

    /** The successful response, RFC 6749 section 4.1.2 and RFC 9207. */
    String withCode(Secret code, Issuer issuer) {
        return with(Map.of("code", code.value()), issuer);
    }

    /** The error response, RFC 6749 section 4.1.2.1. */
    String withError(OAuthException refusal, Issuer issuer) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("error", refusal.error().code());
        parameters.put("error_description", refusal.description());
        return with(parameters, issuer);
    }

    private String with(Map<String, String> answer, Issuer issuer) {
        Map<String, String> parameters = new LinkedHashMap<>(answer);
        if (state != null) {
            parameters.put("state", state);
        }
        parameters.put("iss", issuer.value());
        return redirectUri + (redirectUri.indexOf('?') < 0 ? '?' : '&') + encode(parameters);
    }

    static String encode(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> encode(parameter.getKey()) + '=' + encode(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
