package dev.gatehouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person opens an account, sets up an authenticator app, and is asked for it where a service wants to be sure. */
class StepUpIT {
    private static final String PASSWORD = "only-in-this-test-4Bridges";

    private static final Pattern AT_ORDERS = Pattern.compile("http://localhost:8081/.*");

    private final BrowserContext context = Chromium.shared().newContext();

    private final Page page = context.newPage();

    private final Mailbox mailbox =
            new Mailbox("s." + UUID.randomUUID().toString().substring(0, 8) + "@people.example");

    private final String username = "s-" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void demo() {
        RunningDemo.shared();
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void anAppThatWasSetUpIsAskedForWhereAServiceWantsToBeSure() throws Exception {
        register();
        logInAtOrders();
        page.navigate("http://localhost:9000/account/authenticator");
        assertThat(page.locator(".qr").isVisible()).isTrue();
        AuthenticatorApp app = new AuthenticatorApp(page.locator("#key").innerText());
        page.locator("#code").fill(app.code());
        page.locator("form.fields button[type=submit]").first().click();
        page.waitForURL("**/account/recovery-codes");
        page.locator("form button[type=submit]").first().click();
        assertThat(page.locator(".codes li").count()).isEqualTo(10);
        String recoveryCode = page.locator(".codes li").first().innerText();

        context.clearCookies();
        logInAtOrders();
        assertThat(page.url()).contains("/login/factor/totp");
        page.locator("#code").fill(app.code());
        page.locator("form.fields button[type=submit]").click();
        page.waitForURL(AT_ORDERS);

        context.clearCookies();
        logInAtOrders();
        page.locator("a[href$='/login/factor/recovery-code']").click();
        page.locator("#code").fill(recoveryCode);
        page.locator("form.fields button[type=submit]").click();
        page.waitForURL(AT_ORDERS);
        assertThat(mailbox.subjects()).contains("A recovery code was used");
    }

    @Test
    void aServiceThatWantsToBeSureAsksForACodeByEmailFromWhoHasNothingElse() throws Exception {
        register();
        logInAtOrders();
        page.waitForURL(AT_ORDERS);
        page.locator("select[name=item]").selectOption("teapot");
        page.locator("form:has(select[name=item]) button").click();
        assertThat(page.locator("table").innerText()).contains("teapot");

        page.locator("form[action='/cancel'] button").click();
        page.waitForURL("**/login/factor/email");
        page.locator("form[action='/login/factor/email/send'] button").click();
        page.locator("#code").fill(mailbox.code(2));
        page.locator("form.fields button[type=submit]").click();
        page.waitForURL(AT_ORDERS);
        page.locator("form[action='/cancel'] button").click();
        assertThat(page.locator("main").innerText()).contains("cancelled").doesNotContain("teapot\t");
    }

    private void register() throws Exception {
        page.navigate("http://localhost:9000/register");
        page.locator("#email").fill(mailbox.address());
        page.locator("form.fields button[type=submit]").click();
        page.navigate(mailbox.link(1));
        page.locator("#username").fill(username);
        page.locator("#new-password").fill(PASSWORD);
        page.locator("form.fields button[type=submit]").click();
    }

    private void logInAtOrders() {
        page.navigate("http://localhost:8081/");
        page.locator("a[href*='/oauth2/authorization/']").click();
        page.locator("input[name=username]").fill(username);
        page.locator("input[name=password]").fill(PASSWORD);
        page.locator("form:has(input[name=password]) button[type=submit]").click();
    }
}
