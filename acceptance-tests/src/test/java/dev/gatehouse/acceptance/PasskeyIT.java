package dev.gatehouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.WaitUntilState;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person adds a passkey in a real browser, and signs in by it alone, after the password, and no more once it is removed. */
class PasskeyIT {
    private static final String PASSWORD = "only-in-this-test-5Bridges";

    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private static final String AUTHORIZE = Issuer.URL
            + "/oauth2/authorize?response_type=code&client_id=web&redirect_uri=http%3A%2F%2F127.0.0.1%3A8765%2Fcallback"
            + "&scope=openid&state=s&code_challenge_method=S256"
            + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private final BrowserContext context = Chromium.shared().newContext();

    private final Page page = context.newPage();

    private final VirtualAuthenticator authenticator = VirtualAuthenticator.at(page);

    private final List<String> complaints = new ArrayList<>();

    private final String username = "w-" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void demo() {
        RunningDemo.shared();
        page.setDefaultTimeout(15_000);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().contains("status of")) {
                complaints.add(message.text());
            }
        });
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void aPasskeyReplacesThePasswordConfirmsItAndIsTakenBack() throws Exception {
        register();
        logIn(Issuer.URL + "/login");
        addPasskey();
        assertThat(authenticator.passkeys()).isEqualTo(1);

        context.clearCookies();
        suggestNothing();
        page.navigate(AUTHORIZE + "&acr_values=2");
        assertThat(tokenAfter(() -> press("form[data-passkey=login] button")))
                .contains("\"acr\":\"2\"")
                .containsPattern("\"amr\":\\[\"[hs]wk\",\"user\",\"mfa\"]");

        context.clearCookies();
        logIn(AUTHORIZE);
        page.waitForURL("**/login/factor/passkey");
        assertThat(tokenAfter(() -> press("form[data-passkey=confirm] button")))
                .contains("\"acr\":\"2\"")
                .containsPattern("\"amr\":\\[\"pwd\",\"[hs]wk\",\"user\",\"mfa\"]");

        page.navigate(Issuer.URL + "/account/passkeys");
        assertThat(page.locator(".rows").innerText()).contains("My first key", "last used");
        removePasskey();
        assertThat(complaints).isEmpty();
    }

    @Test
    void aPasskeyThatTheBrowserSuggestsLogsInToo() throws Exception {
        register();
        logIn(Issuer.URL + "/login");
        addPasskey();

        context.clearCookies();
        authenticator.answer(true);
        assertThat(tokenAfter(
                        () -> page.navigate(AUTHORIZE, new Page.NavigateOptions().setWaitUntil(WaitUntilState.COMMIT))))
                .containsPattern("\"amr\":\\[\"[hs]wk\",\"user\",\"mfa\"]");

        removePasskey();
        context.clearCookies();
        List<Request> attempts = new ArrayList<>();
        page.onRequest(request -> {
            if (request.method().equals("POST") && request.url().endsWith("/login/passkey")) {
                attempts.add(request);
            }
        });
        authenticator.answer(true);
        page.navigate(Issuer.URL + "/login", new Page.NavigateOptions().setWaitUntil(WaitUntilState.COMMIT));
        page.waitForURL("**/login/passkey");
        page.locator("#username").fill(username);
        page.locator("#password").fill(PASSWORD);
        page.locator("form.fields button[type=submit]").click();
        page.waitForURL("**/account");
        assertThat(attempts)
                .as("a passkey that was refused is not suggested again")
                .hasSize(1);
    }

    @Test
    void whatGoesWrongAtTheAuthenticatorIsSaidInWords() throws Exception {
        register();
        logIn(Issuer.URL + "/login");
        addPasskey();

        page.navigate(Issuer.URL + "/account/passkeys");
        press("form[data-passkey=create] button");
        Locator says = page.locator("[data-says]");
        page.waitForCondition(() -> says.innerText().contains("has a passkey for your account already"));

        context.clearCookies();
        logIn(Issuer.URL + "/login");
        page.waitForURL("**/login/factor/passkey");
        authenticator.recognise(false);
        press("form[data-passkey=confirm] button");
        page.waitForCondition(() -> says.innerText().contains("No passkey was used"));
        assertThat(page.url()).endsWith("/login/factor/passkey");
    }

    @Test
    void withoutScriptsThePagesWorkAndSayWhatIsMissing() throws Exception {
        register();
        logIn(Issuer.URL + "/login");
        addPasskey();
        BrowserContext plain = Chromium.shared()
                .newContext(new com.microsoft.playwright.Browser.NewContextOptions().setJavaScriptEnabled(false));
        Page other = plain.newPage();
        other.navigate(Issuer.URL + "/login");
        assertThat(other.locator("form[data-passkey]").isVisible()).isFalse();
        other.locator("#username").fill(username);
        other.locator("#password").fill(PASSWORD);
        other.locator("form.fields button").click();
        other.waitForURL("**/login/factor/passkey");
        assertThat(other.locator("form[data-passkey]").isVisible()).isFalse();
        assertThat(other.locator("noscript .notice").innerText()).contains("Passkeys need JavaScript");
        plain.close();
    }

    private void register() throws Exception {
        Mailbox mailbox = new Mailbox(username + "@people.example");
        page.navigate(Issuer.URL + "/register");
        page.locator("#email").fill(mailbox.address());
        page.locator("form.fields button[type=submit]").click();
        page.navigate(mailbox.link(1));
        page.locator("#username").fill(username);
        page.locator("#new-password").fill(PASSWORD);
        page.locator("form.fields button[type=submit]").click();
    }

    private void logIn(String url) {
        authenticator.answer(false);
        page.navigate(url);
        page.locator("#username").fill(username);
        page.locator("#password").fill(PASSWORD);
        page.locator("form.fields button[type=submit]").click();
    }

    private void addPasskey() {
        page.navigate(Issuer.URL + "/account/passkeys");
        page.locator("#label").fill("My first key");
        press("form[data-passkey=create] button");
        page.waitForURL("**/account/recovery-codes");
        authenticator.answer(false);
    }

    private void removePasskey() {
        page.navigate(Issuer.URL + "/account/passkeys");
        page.locator(".rows summary").click();
        page.locator("button[name=remove]").click();
        page.waitForCondition(() -> page.locator(".rows").count() == 0);
    }

    private void press(String button) {
        authenticator.answer(true);
        page.locator(button).click();
    }

    /** From now on the browser suggests no passkey for the name, which an authenticator that says yes would take before any button is pressed. */
    private void suggestNothing() {
        page.addInitScript("PublicKeyCredential.isConditionalMediationAvailable = undefined");
    }

    /** What the ID token says that the client gets once the passkey was used. */
    private String tokenAfter(Runnable use) throws IOException {
        String query;
        try (ListeningClient client = ListeningClient.at(URI.create(Issuer.CALLBACK))) {
            use.run();
            page.waitForURL(url -> url.startsWith(Issuer.CALLBACK));
            query = client.called();
        }
        authenticator.answer(false);
        String code = query.replaceAll("(?:.*&)?code=([^&]*).*", "$1");
        String token = new Issuer()
                .token(
                        "web",
                        "web-secret",
                        Map.of(
                                "grant_type",
                                "authorization_code",
                                "code",
                                code,
                                "redirect_uri",
                                Issuer.CALLBACK,
                                "code_verifier",
                                VERIFIER))
                .member("id_token");
        return new String(Base64.getUrlDecoder().decode(token.split("\\.", 3)[1]), StandardCharsets.UTF_8);
    }
}
