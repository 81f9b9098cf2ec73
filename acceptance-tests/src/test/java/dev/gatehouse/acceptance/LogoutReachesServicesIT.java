package dev.gatehouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A person logs out everywhere: the services refuse their tokens, and the page of orders is told, also when it could not hear. */
@Timeout(120)
class LogoutReachesServicesIT {
    private static final String ORDERS = "http://localhost:8081/";

    private static final String INVENTORY = "http://localhost:8082/";

    private static final Pattern DELIVERY =
            Pattern.compile("\"id\":(\\d+)[^}]*\"state\":\"([a-z]+)\"[^}]*\"tries\":(\\d+)");

    private final BrowserContext laptop = Chromium.shared().newContext();

    private final BrowserContext phone = Chromium.shared().newContext();

    private final Issuer issuer = new Issuer();

    private final Set<String> earlier = new HashSet<>();

    private String operator = "";

    @BeforeEach
    void demo() {
        RunningDemo.shared();
        operator = issuer.token(
                        "operator",
                        "operator-secret",
                        Map.of("grant_type", "client_credentials", "scope", "gatehouse.admin"))
                .member("access_token");
        deliveries().forEach(delivery -> earlier.add(delivery.id()));
    }

    @AfterEach
    void close() {
        laptop.close();
        phone.close();
    }

    @Test
    void logOutEverywhereReachesBothServicesAndThePageInEveryBrowser() {
        Page atLaptop = logInAtOrders(laptop);
        Page onPhone = logInAtOrders(phone);
        String atOrders = issuer.logIn("bob", "builder-7Bridges", "openid orders.read orders.write")
                .member("access_token");
        String atInventory = issuer.exchanged(atOrders, "inventory.read");
        assertThat(issuer.get(ORDERS + "whoami", atOrders).status()).isEqualTo(200);
        assertThat(issuer.get(INVENTORY + "stock", atInventory).status()).isEqualTo(200);

        logOutEverywhere(phone);

        await(() -> issuer.get(ORDERS + "whoami", atOrders).status() == 401);
        await(() -> issuer.get(INVENTORY + "stock", atInventory).status() == 401);
        await(() -> deliveries().size() >= 3 && deliveries().stream().allMatch(Delivery::delivered));
        assertThat(List.of(atLaptop, onPhone)).allSatisfy(LogoutReachesServicesIT::assertSessionIsGone);
    }

    @Test
    void aLogOutReachesThePageOnceItCanHear() throws IOException, InterruptedException {
        Page page = logInAtOrders(laptop);
        String orders = Files.readAllLines(RunningDemo.shared().data().resolve("orders.pid"))
                .getFirst();

        signal("STOP", orders);
        try {
            logOutEverywhere(laptop);
            await(() -> deliveries().stream().anyMatch(delivery -> delivery.tries() >= 2));
            assertThat(deliveries()).noneMatch(Delivery::delivered);
        } finally {
            signal("CONT", orders);
        }

        await(() -> deliveries().stream().allMatch(Delivery::delivered));
        assertSessionIsGone(page);
    }

    /** A session whose tokens alone were refused would lead to "/?ended". */
    private static void assertSessionIsGone(Page page) {
        page.navigate(ORDERS);
        assertThat(page.url()).isEqualTo(ORDERS);
        assertThat(page.locator("main").innerText()).contains("Your login has ended");
    }

    private static Page logInAtOrders(BrowserContext browser) {
        Page page = browser.newPage();
        page.navigate(ORDERS);
        page.locator("a[href*='/oauth2/authorization/']").click();
        page.locator("input[name=username]").fill("bob");
        page.locator("input[name=password]").fill("builder-7Bridges");
        page.locator("form:has(input[name=password]) button[type=submit]").click();
        page.waitForURL(Pattern.compile(ORDERS + ".*"));
        return page;
    }

    private static void logOutEverywhere(BrowserContext browser) {
        Page page = browser.newPage();
        page.navigate(Issuer.URL + "/account/devices");
        page.locator("form:has(input[value=all]) button").click();
        page.waitForURL("**/login?to=/account/devices");
    }

    /** What {@code web} has been owed since the test began. */
    private List<Delivery> deliveries() {
        Matcher each =
                DELIVERY.matcher(issuer.get(Issuer.URL + "/admin/api/back-channel-logouts?client_id=web", operator)
                        .body());
        return each.results()
                .map(found -> new Delivery(found.group(1), found.group(2), Integer.parseInt(found.group(3))))
                .filter(delivery -> !earlier.contains(delivery.id()))
                .toList();
    }

    /** What the admin API shows of a delivery. */
    private record Delivery(String id, String state, int tries) {
        boolean delivered() {
            return state.equals("delivered");
        }
    }

    private static void signal(String name, String pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid)
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
