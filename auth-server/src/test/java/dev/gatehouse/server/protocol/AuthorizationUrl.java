package dev.gatehouse.server.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An authorization request in order, of which a test changes the one thing that it is about. */
final class AuthorizationUrl {
    static final String REDIRECT_URI = "http://127.0.0.1:8765/callback";

    /** RFC 7636 appendix B. */
    static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private final Map<String, String> parameters = new LinkedHashMap<>();

    private final List<String> more = new ArrayList<>();

    private AuthorizationUrl() {}

    static AuthorizationUrl of(String clientId) {
        return new AuthorizationUrl()
                .with("response_type", "code")
                .with("client_id", clientId)
                .with("redirect_uri", REDIRECT_URI)
                .with("scope", "openid profile orders.read")
                .with("state", "the state & more")
                .with("code_challenge", CHALLENGE)
                .with("code_challenge_method", "S256");
    }

    AuthorizationUrl with(String name, String value) {
        parameters.put(name, value);
        return this;
    }

    AuthorizationUrl without(String name) {
        parameters.remove(name);
        return this;
    }

    /** The parameter a second time. */
    AuthorizationUrl again(String name, String value) {
        more.add(ClientSide.form(name, value));
        return this;
    }

    Map<String, String> form() {
        return parameters;
    }

    @Override
    public String toString() {
        List<String> pairs = new ArrayList<>();
        parameters.forEach((name, value) -> pairs.add(ClientSide.form(name, value)));
        pairs.addAll(more);
        return "/oauth2/authorize?" + String.join("&", pairs);
    }
}
