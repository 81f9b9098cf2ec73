package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.protocol.Browser.Page;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;

/** What the authorization endpoint refuses, and whom it tells. */
@GatehouseTest
class AuthorizationErrorsIT {
    @Value("${gatehouse.issuer}")
    private String issuer = "";

    private Page get(AuthorizationUrl url) {
        return new Browser(issuer).get(url.toString());
    }

    private static AuthorizationUrl url() {
        return AuthorizationUrl.of("web");
    }

    static Stream<Arguments> toldToTheClient() {
        return Stream.of(
                refusal("invalid_request", url -> url.without("response_type")),
                refusal("invalid_request", url -> url.with("response_type", "")),
                refusal("unsupported_response_type", url -> url.with("response_type", "token")),
                refusal("unsupported_response_type", url -> url.with("response_type", "code id_token")),
                refusal("invalid_request", url -> url.with("response_mode", "fragment")),
                refusal("invalid_request", url -> url.with("response_mode", "form_post")),
                refusal("request_not_supported", url -> url.with("request", "eyJhbGciOiJub25lIn0.e30.")),
                refusal("request_uri_not_supported", url -> url.with("request_uri", "https://evil.example/r")),
                refusal("registration_not_supported", url -> url.with("registration", "{}")),
                refusal("invalid_request", url -> url.without("code_challenge").without("code_challenge_method")),
                refusal("invalid_request", url -> url.without("code_challenge")),
                refusal("invalid_request", url -> url.without("code_challenge_method")),
                refusal("invalid_request", url -> url.with("code_challenge_method", "plain")),
                refusal("invalid_request", url -> url.with("code_challenge", "short")),
                refusal("invalid_request", url -> url.with("code_challenge", "=".repeat(43))),
                refusal("invalid_scope", url -> url.with("scope", "openid inventory.read")),
                refusal("invalid_scope", url -> url.with("scope", "openid \"quoted\"")),
                refusal("invalid_scope", url -> url.with("scope", " ")),
                refusal("invalid_target", url -> url.with("resource", "https://unknown.example")),
                refusal("invalid_target", url -> url.with("resource", "http://localhost:8082")),
                refusal(
                        "invalid_target",
                        url -> url.with("resource", "http://localhost:8081")
                                .again("resource", "http://localhost:8082")),
                refusal("invalid_request", url -> url.again("scope", "openid")),
                refusal("invalid_request", url -> url.again("nonce", "a").again("nonce", "b")),
                refusal("invalid_request", url -> url.with("prompt", "none login")),
                refusal("invalid_request", url -> url.with("prompt", "nonsense")),
                refusal("login_required", url -> url.with("prompt", "none")),
                refusal("invalid_request", url -> url.with("max_age", "-1")),
                refusal("invalid_request", url -> url.with("max_age", "soon")),
                refusal("invalid_request", url -> url.with("max_age", "9".repeat(40))),
                refusal("invalid_request", url -> url.with("id_token_hint", "garbage")),
                refusal("invalid_request", url -> url.with("id_token_hint", "bnVsbA.bnVsbA.bnVsbA")));
    }

    private static Arguments refusal(String error, UnaryOperator<AuthorizationUrl> change) {
        AuthorizationUrl changed = change.apply(url());
        return Arguments.argumentSet(error + " for " + changed, error, changed);
    }

    @ParameterizedTest
    @MethodSource("toldToTheClient")
    void whatIsWrongWithTheRequestIsToldToTheClient(String error, AuthorizationUrl url) {
        Page page = get(url);

        assertThat(page.status()).isEqualTo(303);
        assertThat(page.location()).startsWith(AuthorizationUrl.REDIRECT_URI + "?");
        assertThat(page.query())
                .containsEntry("error", error)
                .containsEntry("state", "the state & more")
                .containsEntry("iss", issuer)
                .containsKey("error_description")
                .doesNotContainKey("code");
        assertThat(page.header("Cache-Control")).contains("no-store");
    }

    @Test
    void aDoubledStateIsNotRepeated() {
        assertThat(get(url().again("state", "another")).query())
                .containsEntry("error", "invalid_request")
                .doesNotContainKey("state");
    }

    @Test
    void aClientWithoutTheGrantIsNotRegisteredForAnyRedirectEither() {
        assertThat(get(AuthorizationUrl.of("load")).status()).isEqualTo(400);
    }

    @Test
    void anUnknownClientIsToldToThePerson() {
        refusedToThePerson(get(url().with("client_id", "nobody")));
        refusedToThePerson(get(url().without("client_id")));
        refusedToThePerson(get(url().again("client_id", "spa")));
        refusedToThePerson(get(url().with("client_id", "<script>alert(1)</script>")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/callback",
                "http://127.0.0.1:8765/callback/",
                "http://127.0.0.1:8765/callback/../evil",
                "http://127.0.0.1:8765/callback%2f..%2fevil",
                "http://127.0.0.1:8765/callback?more=1",
                "http://127.0.0.1:8765/callback#fragment",
                "http://127.0.0.1:8765/callback#",
                "http://127.0.0.1:8765/Callback",
                "http://127.0.0.1:8765.evil.example/callback",
                "http://127.0.0.1:8765@evil.example/callback",
                "http://127.0.0.1@evil.example/callback",
                "http://user@127.0.0.1:8765/callback",
                "http://127.0.0.1.evil.example/callback",
                "http://127.0.0.2:8765/callback",
                "http://[::1]:8765/callback",
                "http://localhost:8765/callback",
                "https://127.0.0.1:8765/callback",
                "HTTP://127.0.0.1:8765/callback",
                "http://127.0.0.1:8765//callback",
                "http://127.0.0.1:8765\\callback",
                " http://127.0.0.1:8765/callback",
                "http://127.0.0.1:8765/callback\r\nX-Injected: 1",
                "http://localhost:8082/login/oauth2/code/gatehouse",
                "//127.0.0.1:8765/callback",
                "javascript:alert(1)",
                "data:text/html,x"
            })
    void aRedirectUriThatOnlyResemblesARegisteredOneIsNotFollowed(String redirectUri) {
        refusedToThePerson(get(url().with("redirect_uri", redirectUri)));
    }

    @Test
    void aRedirectUriThatIsMissingOrDoubledIsNotGuessed() {
        refusedToThePerson(get(url().without("redirect_uri")));
        refusedToThePerson(get(url().again("redirect_uri", AuthorizationUrl.REDIRECT_URI)));
        refusedToThePerson(get(AuthorizationUrl.of("spa").without("redirect_uri")));
    }

    @Test
    void withoutOpenidTheOneRegisteredRedirectUriNeedNotBeNamed() {
        Page page = get(AuthorizationUrl.of("spa")
                .without("redirect_uri")
                .with("scope", "orders.read")
                .with("prompt", "none"));

        assertThat(page.location()).startsWith(AuthorizationUrl.REDIRECT_URI + "?error=login_required");
    }

    @Test
    void onALoopbackAddressThePortIsFree() {
        Page page = get(
                url().with("redirect_uri", "http://127.0.0.1:51004/callback").with("prompt", "none"));

        assertThat(page.location()).startsWith("http://127.0.0.1:51004/callback?error=login_required");
    }

    @Test
    void theStateCannotBreakOutOfTheResponse() {
        String state = "\"><script>alert(1)</script>&code=forged#x ü\r\nSet-Cookie: a=b";
        Page page = get(url().with("state", state).with("prompt", "none"));

        assertThat(page.query()).containsEntry("state", state).doesNotContainKey("code");
        assertThat(page.location()).doesNotContain("<", "\"", "#", " ", "\r", "\n");
        assertThat(page.header("Set-Cookie")).doesNotContain("a=b");
    }

    @Test
    void anUnknownInteractionIsToldToThePerson() {
        refusedToThePerson(new Browser(issuer).get("/oauth2/authorize?interaction=AAAAAAAAAAAAAAAAAAAAAA"));
    }

    @Test
    void otherMethodsAndOtherContentTypesAreRefusedCleanly() {
        ClientSide anybody = ClientSide.unauthenticated(issuer);
        assertThat(ClientSide.send(anybody.request("/oauth2/authorize").DELETE())
                        .status())
                .isEqualTo(405);
        assertThat(ClientSide.send(anybody.request("/oauth2/authorize")
                                .header("Content-Type", "application/json")
                                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{\"client_id\":\"web\"}")))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aRefusedRequestLeavesNoSessionBehind() {
        Browser browser = new Browser(issuer);
        browser.get(url().with("prompt", "none").toString());
        browser.get(url().with("redirect_uri", "https://evil.example").toString());
        browser.postFromElsewhere("/oauth2/authorize", Map.of("client_id", "nobody"));

        assertThat(browser.cookieHeader()).isEmpty();
    }

    private static void refusedToThePerson(Page page) {
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.location()).isEmpty();
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.body()).contains("<h1").doesNotContain("evil", "alert(1)", "nobody");
        assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(page.header("Content-Security-Policy")).contains("frame-ancestors 'none'");
    }
}
