package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.Apis;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.keys.TokenSigner;
import dev.gatehouse.server.login.SecondFactorDemand;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.Scopes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** What the server says of itself, RFC 8414 section 2 and OpenID Connect Discovery section 3: one document for both. */
@Component
final class ServerMetadata {
    private static final List<String> SECRETS = List.of("client_secret_basic", "client_secret_post");

    private static final List<String> SECRETS_OR_NONE = List.of("client_secret_basic", "client_secret_post", "none");

    private final Issuer issuer;

    private final Apis apis;

    private final TokenSigner signer;

    ServerMetadata(Issuer issuer, Apis apis, TokenSigner signer) {
        this.issuer = issuer;
        this.apis = apis;
        this.signer = signer;
    }

    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("issuer", issuer.value());
        putEndpoints(document);
        document.put("response_types_supported", List.of("code"));
        document.put("response_modes_supported", List.of("query"));
        document.put(
                "grant_types_supported",
                List.of(
                        Client.AUTHORIZATION_CODE,
                        Client.REFRESH_TOKEN,
                        Client.CLIENT_CREDENTIALS,
                        Client.TOKEN_EXCHANGE));
        document.put("code_challenge_methods_supported", List.of("S256"));
        document.put("token_endpoint_auth_methods_supported", SECRETS_OR_NONE);
        document.put("revocation_endpoint_auth_methods_supported", SECRETS_OR_NONE);
        document.put("introspection_endpoint_auth_methods_supported", SECRETS);
        document.put("scopes_supported", scopes());
        document.put("authorization_response_iss_parameter_supported", true);
        putOpenIdConnect(document);
        return document;
    }

    private void putEndpoints(Map<String, Object> document) {
        document.put("authorization_endpoint", issuer.resolve("/oauth2/authorize"));
        document.put("token_endpoint", issuer.resolve("/oauth2/token"));
        document.put("jwks_uri", issuer.resolve("/oauth2/jwks"));
        document.put("revocation_endpoint", issuer.resolve("/oauth2/revoke"));
        document.put("introspection_endpoint", issuer.resolve("/oauth2/introspect"));
        document.put("userinfo_endpoint", issuer.resolve("/userinfo"));
        document.put("end_session_endpoint", issuer.resolve("/connect/logout"));
    }

    private Set<String> scopes() {
        Set<String> scopes = new TreeSet<>(Scopes.OPENID_CONNECT.values());
        apis.all().forEach(api -> scopes.addAll(api.scopes().values()));
        return scopes;
    }

    private List<String> algorithms() {
        return signer.algorithms().stream().map(SigningAlgorithm::value).toList();
    }

    private void putOpenIdConnect(Map<String, Object> document) {
        document.put("subject_types_supported", List.of("public"));
        document.put("id_token_signing_alg_values_supported", algorithms());
        document.put(
                "claims_supported",
                List.of(
                        "iss",
                        "sub",
                        "aud",
                        "exp",
                        "iat",
                        "auth_time",
                        "nonce",
                        "acr",
                        "amr",
                        "azp",
                        "sid",
                        "at_hash",
                        "name",
                        "family_name",
                        "given_name",
                        "middle_name",
                        "nickname",
                        "preferred_username",
                        "profile",
                        "picture",
                        "website",
                        "gender",
                        "birthdate",
                        "zoneinfo",
                        "locale",
                        "updated_at",
                        "email",
                        "email_verified",
                        "address",
                        "phone_number",
                        "phone_number_verified"));
        document.put("acr_values_supported", SecondFactorDemand.CLASSES);
        document.put("prompt_values_supported", List.of("none", "login", "consent", "select_account"));
        document.put("ui_locales_supported", List.of("en", "de"));
        document.put("display_values_supported", List.of("page"));
        document.put("claim_types_supported", List.of("normal"));
        document.put("claims_parameter_supported", false);
        document.put("request_parameter_supported", false);
        document.put("request_uri_parameter_supported", false);
        document.put("backchannel_logout_supported", true);
        document.put("backchannel_logout_session_supported", true);
    }
}
