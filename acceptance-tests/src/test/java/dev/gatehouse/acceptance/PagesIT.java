package dev.gatehouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every page as people see it, in a real browser: on a desktop and a phone, light and dark, in both languages.
 * Each is checked against WCAG 2.2 AA by axe and must fit its window; its picture is left in {@code target/screens}.
 */
class PagesIT {
    private static final String ISSUER = "http://localhost:9000";

    private static final String PASSWORD = "only-in-this-test-3Gables";

    private static final List<String> RULES = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");

    private static final String CALLBACK = "http://127.0.0.1:8765/callback";

    private static final String AUTHORIZE = ISSUER
            + "/oauth2/authorize?response_type=code&client_id=spa&redirect_uri=http%3A%2F%2F127.0.0.1%3A8765%2Fcallback"
            + "&scope=openid%20profile%20orders.read&state=s&code_challenge_method=S256"
            + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private final Browser browser = Chromium.shared();

    private final List<String> complaints = new ArrayList<>();

    private BrowserContext context = browser.newContext();

    private Page page = context.newPage();

    private Look look = Look.DESKTOP;

    /** A window, a colour scheme and a language. */
    enum Look {
        DESKTOP(1280, 860, ColorScheme.LIGHT, "en"),
        PHONE(390, 844, ColorScheme.DARK, "de");

        private final int width;

        private final int height;

        private final ColorScheme colours;

        private final String language;

        Look(int width, int height, ColorScheme colours, String language) {
            this.width = width;
            this.height = height;
            this.colours = colours;
            this.language = language;
        }
    }

    @BeforeEach
    void demo() {
        RunningDemo.shared();
    }

    @AfterEach
    void close() {
        context.close();
    }

    private void look(Look wanted) {
        context.close();
        look = wanted;
        context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(wanted.width, wanted.height)
                .setColorScheme(wanted.colours)
                .setLocale(wanted.language));
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().contains("status of")) {
                complaints.add(message.text());
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Look.class)
    void everyPageIsForEverybody(Look wanted) throws Exception {
        look(wanted);
        open("/login");
        check("login");
        page.locator("#username").fill("nobody-" + UUID.randomUUID());
        page.locator("#password").fill("a wrong password");
        submit();
        check("login-failed");

        open("/recover");
        check("recover");
        open("/register");
        check("register");
        Mailbox mailbox = new Mailbox("p." + UUID.randomUUID().toString().substring(0, 8) + "@people.example");
        page.locator("#email").fill(mailbox.address());
        submit();
        check("register-sent");
        page.navigate(mailbox.link(1));
        check("register-complete");
        String username = "u-" + UUID.randomUUID().toString().substring(0, 6);
        page.locator("#username").fill(username);
        page.locator("#name").fill("Greta Garden");
        page.locator("#new-password").fill("short123");
        page.locator("#new-password").fill(username + "1");
        submit();
        check("register-problem");
        page.locator("#new-password").fill(PASSWORD);
        submit();
        check("registered");

        open("/recover");
        page.locator("#who").fill(username);
        submit();
        check("recover-sent");
        page.navigate(mailbox.link(2));
        check("recover-password");
        page.navigate(ISSUER + "/recover/password?token=none");
        check("link-over");
        open("/nothing/is/here");
        check("error");

        page.navigate(AUTHORIZE);
        check("login-to-client");
        page.locator("#username").fill(username);
        page.locator("#password").fill(PASSWORD);
        page.locator("input[name=remember-me]").check();
        submit();
        check("consent");
        try (ListeningClient client = ListeningClient.at(URI.create(CALLBACK))) {
            page.locator("button").first().click();
            page.waitForURL(url -> url.startsWith(CALLBACK));
            assertThat(client.called()).contains("code=");
        }

        open("/account");
        check("account");
        for (String section :
                List.of("security", "password", "email", "close", "devices", "applications", "activity")) {
            open("/account/" + section);
            check("account-" + section);
        }
        setUpFactors(username);
        setUpPasskeys(username);
        page.navigate(mailbox.page());
        page.locator("details").first().click();
        page.locator("iframe").first().contentFrame().locator("body").waitFor();
        picture("letter");
        open("/connect/logout");
        check("logout");
        page.locator("button").first().click();
        check("logged-out");
        assertThat(complaints).isEmpty();
    }

    private void setUpFactors(String username) throws Exception {
        open("/account/email-codes");
        check("account-email-codes");
        open("/account/authenticator");
        check("account-authenticator");
        AuthenticatorApp app = new AuthenticatorApp(page.locator("#key").innerText());
        page.locator("#code").fill("000000");
        submit();
        check("account-authenticator-wrong");
        page.locator("#code").fill(app.code());
        submit();
        check("account-recovery-codes");
        page.locator("form button[type=submit]").first().click();
        check("account-recovery-codes-made");
        open("/account/authenticator");
        check("account-authenticator-on");
        open("/account/security");
        check("account-security-factors");

        context.clearCookies();
        open("/login");
        page.locator("#username").fill(username);
        page.locator("#password").fill(PASSWORD);
        submit();
        check("login-factor");
        page.locator("#code").fill("000000");
        submit();
        check("login-factor-wrong");
        page.locator("a[href$='/recovery-code']").click();
        check("login-factor-recovery-code");
        page.locator("a[href$='/totp']").click();
        page.locator("#code").fill(app.code());
        submit();
        page.waitForURL("**/account");
    }

    private void setUpPasskeys(String username) {
        VirtualAuthenticator authenticator = VirtualAuthenticator.at(page);
        open("/account/passkeys");
        check("account-passkeys-none");
        authenticator.answer(true);
        page.locator("form[data-passkey=create] button").click();
        page.locator(".rows summary").waitFor();
        check("account-passkeys");
        page.locator(".rows summary").click();
        check("account-passkeys-change");
        page.locator("form[data-passkey=create] button").click();
        page.waitForCondition(() -> !page.locator("[data-says]").innerText().isEmpty());
        check("account-passkeys-known");
        authenticator.answer(false);
        open("/account/security");
        check("account-security-passkeys");

        context.clearCookies();
        open("/login");
        page.locator("#username").fill(username);
        page.locator("#password").fill(PASSWORD);
        submit();
        page.waitForURL("**/login/factor/passkey");
        check("login-factor-passkey");
        authenticator.answer(true);
        page.locator("form[data-passkey=confirm] button").click();
        page.waitForURL("**/account");
    }

    @Test
    void aPersonSeesTheirSignInsAndEndsThem() throws Exception {
        look(Look.DESKTOP);
        open("/login");
        page.locator("#username").fill("bob");
        page.locator("#password").fill("builder-7Bridges");
        submit();
        BrowserContext phone = browser.newContext(new Browser.NewContextOptions()
                .setUserAgent("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0"
                        + " Mobile/15E148 Safari/604.1"));
        Page other = phone.newPage();
        other.navigate(ISSUER + "/login");
        other.locator("#username").fill("bob");
        other.locator("#password").fill("builder-7Bridges");
        other.locator("button[type=submit]").first().click();
        open("/account/devices");
        assertThat(page.locator("main").innerText()).contains("Safari on iPhone", "this device");
        check("account-two-devices");
        page.locator("li:has-text('Safari on iPhone') button").first().click();
        other.navigate(ISSUER + "/account");
        assertThat(other.locator("#password").isVisible()).isTrue();
        phone.close();
    }

    @Test
    void whoStaysSignedInSeesItAndEndsItFromAnotherDevice() throws Exception {
        look(Look.PHONE);
        open("/login");
        page.locator("#username").fill("bob");
        page.locator("#password").fill("builder-7Bridges");
        page.locator("input[name=remember-me]").check();
        submit();
        context.clearCookies(new BrowserContext.ClearCookiesOptions().setName("gatehouse"));
        open("/account/devices");
        assertThat(page.locator("li:has-text('dieses Gerät')").innerText()).contains("Bleibt angemeldet bis");
        check("account-devices-remembered");
        open("/account/password");
        assertThat(page.locator("input[name=remember-me]").isChecked()).isTrue();
        check("login-again-remembered");

        BrowserContext laptop = browser.newContext();
        Page other = laptop.newPage();
        other.navigate(ISSUER + "/login?to=/account/devices");
        other.locator("#username").fill("bob");
        other.locator("#password").fill("builder-7Bridges");
        other.locator("button[type=submit]").first().click();
        other.locator("li:has-text('Stays signed in') button").first().click();
        other.waitForLoadState();
        assertThat(other.locator("main").innerText()).doesNotContain("Stays signed in");
        laptop.close();
        open("/account");
        assertThat(page.locator("#password").isVisible()).isTrue();
    }

    private void open(String path) {
        page.navigate(ISSUER + path);
    }

    private void submit() {
        page.locator("form.fields button[type=submit]").first().click();
    }

    private void check(String name) {
        picture(name);
        assertThat(page.locator("h1").count()).as("headings of %s", name).isEqualTo(1);
        assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                .as("%s fits its window", name)
                .isEqualTo(true);
        assertThat(page.locator("html").getAttribute("lang")).isEqualTo(look.language);
        assertThat(page.locator("body").innerText()).as(name).doesNotContain("??", "${", "#{");
        // No page has frames: what is found in them need not be gathered in a page of its own.
        assertThat(new AxeBuilder(page)
                        .setLegacyMode(true).withTags(RULES).analyze().getViolations().stream()
                                .flatMap(violation -> violation.getNodes().stream()
                                        .map(node -> violation.getId() + ": " + node.getHtml() + " "
                                                + node.getFailureSummary())))
                .as("WCAG 2.2 AA on %s", name)
                .isEmpty();
    }

    /** A page that fits its window is taken as it is: taking all of it would resize the window, also for the pages that follow. */
    private void picture(String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target/screens", name + "-" + look.name().toLowerCase(Locale.ROOT) + ".png"))
                .setFullPage(Boolean.TRUE.equals(
                        page.evaluate("document.documentElement.scrollHeight > window.innerHeight"))));
    }
}
