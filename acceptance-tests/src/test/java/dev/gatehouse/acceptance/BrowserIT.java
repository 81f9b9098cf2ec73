package dev.gatehouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import com.microsoft.playwright.options.SameSiteAttribute;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person at the orders service, in a real browser. */
class BrowserIT {
    private final Browser browser = Chromium.shared();

    private BrowserContext context = browser.newContext();

    private Page page = context.newPage();

    @BeforeEach
    void demo() {
        RunningDemo.shared();
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void aPersonLogsInSeesTheirOrdersOrdersAndLogsOutAtTheIssuerToo() {
        logIn();
        assertThat(page.content()).contains("Alice Liddell");
        page.locator("select[name=item]").selectOption("teapot");
        page.locator("input[name=quantity]").fill("1");
        page.locator("form:has(select[name=item]) button").click();
        assertThat(page.locator("main").innerText()).contains("teapot");

        page.locator("form[action='/logout'] button").click();
        page.waitForURL("http://localhost:8081/");
        page.navigate("http://localhost:9000/login");
        assertThat(page.locator("input[name=password]").isVisible()).isTrue();
    }

    @Test
    void cookiesAreOutOfReachOfScriptsAndOfOtherSites() {
        logIn();
        List<Cookie> cookies = context.cookies();
        assertThat(cookies).isNotEmpty().allSatisfy(cookie -> {
            assertThat(cookie.httpOnly).as(cookie.name).isTrue();
            assertThat(cookie.sameSite).as(cookie.name).isNotEqualTo(SameSiteAttribute.NONE);
        });
    }

    @Test
    void tokensNeverReachThePage() {
        logIn();
        assertThat(page.content()).doesNotContain("eyJhbGciOi", "eyJ0eXAiOi", "eyJraWQiOi");
        assertThat(page.evaluate("() => JSON.stringify([localStorage, sessionStorage, document.cookie])"))
                .isEqualTo("[{},{},\"\"]");
    }

    @Test
    void theSessionIdChangesAtLogin() {
        page.navigate("http://localhost:8081/oauth2/authorization/gatehouse");
        String before = session();
        logIn();
        assertThat(session()).isNotEqualTo(before);
    }

    @Test
    void aFormOfAnotherSiteChangesNothing() {
        logIn();
        FormData order = FormData.create().set("item", "book").set("quantity", 1);
        assertThat(context.request()
                        .post(
                                "http://localhost:8081/place",
                                RequestOptions.create().setForm(order))
                        .status())
                .isEqualTo(403);
        page.reload();
        assertThat(page.locator("table").all())
                .noneMatch(table -> table.innerText().contains("book"));
    }

    @Test
    void aSessionIsNoTokenForTheApi() {
        logIn();
        assertThat(context.request().get("http://localhost:8081/orders").status())
                .isEqualTo(401);
    }

    @Test
    void aLogOutAtTheIssuerEndsTheSessionAtOrdersToo() {
        logIn();
        page.navigate("http://localhost:9000/connect/logout");
        page.locator("main form button").first().click();
        page.waitForLoadState();
        page.waitForCondition(() -> {
            page.navigate("http://localhost:8081/");
            return page.locator("main").innerText().contains("Your login has ended");
        });
        page.navigate("http://localhost:8081/");
        assertThat(page.locator("a[href*='/oauth2/authorization/']").isVisible())
                .isTrue();
    }

    private String session() {
        return context.cookies().stream()
                .filter(cookie -> cookie.name.equals("orders-session"))
                .findFirst()
                .orElseThrow()
                .value;
    }

    private void logIn() {
        page.navigate("http://localhost:8081/");
        page.locator("a[href*='/oauth2/authorization/']").click();
        page.locator("input[name=username]").fill("alice");
        page.locator("input[name=password]").fill("wonderland-9Lives");
        page.locator("form:has(input[name=password]) button[type=submit]").click();
        page.waitForURL(Pattern.compile("http://localhost:8081/.*"));
    }
}
