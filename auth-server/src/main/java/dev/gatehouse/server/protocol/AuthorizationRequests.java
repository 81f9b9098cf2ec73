package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.Api;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.login.SecondFactorDemand;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.protocol.IdTokens.Hint;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads authorization requests: RFC 6749 section 4.1.1, RFC 7636 section 4.3, RFC 8707 section 2.1 and OpenID Connect
 * Core section 3.1.2.1. Every refusal goes back to the client. Parameters that are not named here are ignored.
 */
@Component
final class AuthorizationRequests {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,18}");

    private static final int LONGEST_LOGIN_HINT = 256;

    private final TargetApis targets;

    private final IdTokens idTokens;

    private final Issuer issuer;

    AuthorizationRequests(TargetApis targets, IdTokens idTokens, Issuer issuer) {
        this.targets = targets;
        this.idTokens = idTokens;
        this.issuer = issuer;
    }

    AuthorizationRequest read(RequestParameters parameters, ReturnAddress returnTo) {
        Client client = returnTo.client();
        parameters.refuseRepeated();
        refuseUnsupported(parameters);
        checkResponse(parameters, client);
        String challenge = codeChallenge(parameters, client);
        Scopes asked = scopes(parameters.single("scope"), client);
        List<Api> apis = apis(client, parameters.resources());
        return new AuthorizationRequest(
                returnTo,
                within(apis, asked),
                apis.stream().map(Api::audience).toList(),
                challenge,
                parameters.single("nonce"),
                Prompt.parse(parameters.single("prompt")),
                maxAge(parameters.single("max_age")),
                acrValues(parameters.single("acr_values")),
                hint(parameters.single("id_token_hint")),
                loginHint(parameters.single("login_hint")));
    }

    /** OpenID Connect Core sections 6 and 7.2.1. */
    private static void refuseUnsupported(RequestParameters parameters) {
        if (parameters.has("request")) {
            throw new OAuthException(OAuthError.REQUEST_NOT_SUPPORTED, "request objects are not supported");
        }
        if (parameters.has("request_uri")) {
            throw new OAuthException(OAuthError.REQUEST_URI_NOT_SUPPORTED, "request objects are not supported");
        }
        if (parameters.has("registration")) {
            throw new OAuthException(OAuthError.REGISTRATION_NOT_SUPPORTED, "clients do not register this way");
        }
    }

    private static void checkResponse(RequestParameters parameters, Client client) {
        String responseType = parameters.single("response_type");
        if (responseType == null) {
            throw invalidRequest("response_type is missing");
        }
        if (!responseType.equals("code")) {
            throw new OAuthException(OAuthError.UNSUPPORTED_RESPONSE_TYPE, "the only response_type is code");
        }
        String responseMode = parameters.single("response_mode");
        if (responseMode != null && !responseMode.equals("query")) {
            throw invalidRequest("the only response_mode is query");
        }
        if (!client.mayUse(Client.AUTHORIZATION_CODE)) {
            throw new OAuthException(
                    OAuthError.UNAUTHORIZED_CLIENT, "the client is not registered for the authorization code grant");
        }
    }

    private static @Nullable String codeChallenge(RequestParameters parameters, Client client) {
        String challenge = parameters.single("code_challenge");
        String method = parameters.single("code_challenge_method");
        if (challenge == null) {
            if (client.requirePkce() || method != null) {
                throw invalidRequest("code_challenge is missing");
            }
            return null;
        }
        if (!"S256".equals(method)) {
            throw invalidRequest("code_challenge_method must be S256");
        }
        if (!CodeVerifier.isChallenge(challenge)) {
            throw invalidRequest("code_challenge is not a SHA-256 in base64url");
        }
        return challenge;
    }

    /** Without a {@code scope} all that the client may do at its APIs, RFC 6749 section 3.3. */
    private static Scopes scopes(@Nullable String parameter, Client client) {
        Scopes asked = parameter == null ? client.scopes().minus(Scopes.OPENID_CONNECT) : Scopes.parse(parameter);
        if (asked.isEmpty()) {
            throw new OAuthException(OAuthError.INVALID_SCOPE, "scope is missing");
        }
        if (!client.scopes().containsAll(asked)) {
            throw new OAuthException(OAuthError.INVALID_SCOPE, "the client may not ask for one of these scopes");
        }
        return asked;
    }

    /** A client without an API of its own, which only wants to know who the person is, gets tokens for the issuer. */
    private List<Api> apis(Client client, List<String> resources) {
        boolean ownDefault = !resources.isEmpty() || client.audience() != null;
        return targets.of(client, ownDefault ? resources : List.of(issuer.value()));
    }

    private static Scopes within(List<Api> apis, Scopes asked) {
        Scopes kept = apis.stream().map(api -> TargetApis.within(api, asked)).reduce(Scopes.none(), Scopes::union);
        if (kept.isEmpty()) {
            throw new OAuthException(OAuthError.INVALID_SCOPE, "the resource takes none of these scopes");
        }
        return asked.intersect(kept);
    }

    private static @Nullable Duration maxAge(@Nullable String parameter) {
        if (parameter == null) {
            return null;
        }
        if (!SECONDS.matcher(parameter).matches()) {
            throw invalidRequest("max_age is not a number of seconds");
        }
        return Duration.ofSeconds(Long.parseLong(parameter));
    }

    /** Whoever asks only for classes that we do not know would take nothing that we can give. */
    private static @Nullable String acrValues(@Nullable String parameter) {
        if (SecondFactorDemand.isBeyondReach(parameter)) {
            throw new OAuthException(
                    OAuthError.UNMET_AUTHENTICATION_REQUIREMENTS, "the classes of authentication are 1 and 2");
        }
        return parameter;
    }

    private @Nullable Hint hint(@Nullable String parameter) {
        return parameter == null
                ? null
                : idTokens.readHint(parameter)
                        .orElseThrow(() -> invalidRequest("id_token_hint is not an ID token of this issuer"));
    }

    private static String loginHint(@Nullable String parameter) {
        return parameter == null || parameter.length() > LONGEST_LOGIN_HINT ? "" : parameter;
    }

    private static OAuthException invalidRequest(String description) {
        return new OAuthException(OAuthError.INVALID_REQUEST, description);
    }
}
