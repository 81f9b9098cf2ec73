package dev.gatehouse.server.admin;

import dev.gatehouse.server.client.AuthenticationMethod;
import dev.gatehouse.server.oauth.Secret;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a declared client authenticates.
 *
 * @param secretDigest SHA-256 of the secret, in hexadecimal
 */
record ClientCredentials(
        AuthenticationMethod method,
        @Nullable Secret secret,
        @Nullable String secretDigest) {

    private static final List<String> KEYS = List.of("secret", "secret-digest", "jwks", "jwks-uri");

    private static final Pattern SECRET = Pattern.compile("[\\x21-\\x7E]{8,255}");

    private static final Pattern HEX_DIGEST = Pattern.compile("[0-9A-Fa-f]{64}");

    private static final Pattern BASE64URL_DIGEST = Pattern.compile("[A-Za-z0-9_-]{43}=?");

    static ClientCredentials read(Section section, boolean plainSecrets, Problems problems) {
        AuthenticationMethod method = method(section, problems);
        refuseContradictions(section, method);
        Secret secret = secret(section.text("secret"), plainSecrets, problems);
        String digest = digest(section.text("secret-digest"), problems);
        return new ClientCredentials(method, secret, digest);
    }

    private static AuthenticationMethod method(Section section, Problems problems) {
        Text text = section.text("authentication");
        if (text == null) {
            return AuthenticationMethod.CLIENT_SECRET_BASIC;
        }
        Optional<AuthenticationMethod> method = Arrays.stream(AuthenticationMethod.values())
                .filter(known -> known.value().equals(text.value()))
                .findFirst();
        String allowed = ": allowed are client_secret_basic, client_secret_post, none";
        if (method.isEmpty()) {
            problems.add(text.line(), "unknown authentication " + Problems.quote(text.value()) + allowed);
        } else if (usesKeys(method.get())) {
            problems.add(text.line(), "the authentication " + text.value() + " is not supported yet" + allowed);
        }
        return method.orElse(AuthenticationMethod.CLIENT_SECRET_BASIC);
    }

    private static boolean usesKeys(AuthenticationMethod method) {
        return method == AuthenticationMethod.PRIVATE_KEY_JWT || method == AuthenticationMethod.TLS_CLIENT_AUTH;
    }

    private static void refuseContradictions(Section section, AuthenticationMethod method) {
        List<String> given = KEYS.stream().filter(section::has).toList();
        for (String key : given) {
            if (key.startsWith("jwks")) {
                section.refuse(key, Problems.quote(key) + " is not supported yet: give \"secret-digest\"");
            } else if (method == AuthenticationMethod.NONE) {
                section.refuse(
                        key, "a client with \"authentication: none\" is public and cannot have " + Problems.quote(key));
            }
        }
        if (section.has("secret") && section.has("secret-digest")) {
            section.refuse("secret-digest", "give \"secret\" or \"secret-digest\", not both");
        }
        if (given.isEmpty() && method != AuthenticationMethod.NONE && !usesKeys(method)) {
            section.refuse("id", "a client needs \"secret-digest\", or \"authentication: none\" when it is public");
        }
    }

    private static @Nullable Secret secret(@Nullable Text text, boolean plainSecrets, Problems problems) {
        if (text == null) {
            return null;
        }
        if (!plainSecrets) {
            problems.add(
                    text.line(),
                    "\"secret\" is allowed only in the demo: give \"secret-digest\", the secret's SHA-256");
        } else if (!SECRET.matcher(text.value()).matches()) {
            problems.add(text.line(), "\"secret\" must have 8 to 255 printable ASCII characters and no space");
        }
        return new Secret(text.value());
    }

    private static @Nullable String digest(@Nullable Text text, Problems problems) {
        if (text == null) {
            return null;
        }
        if (HEX_DIGEST.matcher(text.value()).matches()) {
            return text.value().toLowerCase(java.util.Locale.ROOT);
        }
        if (BASE64URL_DIGEST.matcher(text.value()).matches()) {
            return base64url(text, problems);
        }
        return badDigest(text, problems);
    }

    private static @Nullable String base64url(Text text, Problems problems) {
        try {
            return HexFormat.of().formatHex(Base64.getUrlDecoder().decode(text.value()));
        } catch (IllegalArgumentException e) {
            return badDigest(text, problems);
        }
    }

    private static @Nullable String badDigest(Text text, Problems problems) {
        problems.add(
                text.line(), "\"secret-digest\" must be a SHA-256 digest: 64 hexadecimal or 43 base64url characters");
        return null;
    }
}
