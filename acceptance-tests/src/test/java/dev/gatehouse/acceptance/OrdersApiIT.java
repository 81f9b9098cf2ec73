package dev.gatehouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API of the orders service with the issuer's own tokens, and inventory behind it. */
class OrdersApiIT {
    private static final String ORDERS = "http://localhost:8081";

    private static final String BOOK = "{\"item\":\"book\",\"quantity\":2}";

    private static final Issuer ISSUER = new Issuer();

    private static String alice;

    private static String bob;

    @BeforeAll
    static void demo() {
        RunningDemo.shared();
        alice = logIn("alice", "wonderland-9Lives", "openid orders.read orders.write");
        bob = logIn("bob", "builder-7Bridges", "openid orders.read orders.write");
    }

    @Test
    void everybodySeesTheirOwnOrdersOnlyAndInventoryHasLess() {
        String mushrooms = "{\"item\":\"mushroom\",\"quantity\":7}";
        int before = inStock("mushroom");
        Issuer.Answer placed = ISSUER.post(ORDERS + "/orders", alice, mushrooms);
        assertThat(placed.status()).isEqualTo(201);
        assertThat(orders(alice)).contains(placed.member("id"), "\"item\":\"mushroom\"", "\"quantity\":7");
        assertThat(orders(bob)).doesNotContain("mushroom");
        assertThat(inStock("mushroom")).isEqualTo(before - 7);
    }

    @Test
    void eachCallNeedsItsScope() {
        String reader = logIn("bob", "builder-7Bridges", "openid orders.read");
        String writer = logIn("bob", "builder-7Bridges", "openid orders.write");
        assertThat(ISSUER.get(ORDERS + "/orders", writer).status()).isEqualTo(403);
        Issuer.Answer answer = ISSUER.post(ORDERS + "/orders", reader, BOOK);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("WWW-Authenticate")).contains("insufficient_scope");
    }

    @Test
    void whatInventoryDoesNotHaveIsNotOrdered() {
        String before = orders(bob);
        assertProblem(ISSUER.post(ORDERS + "/orders", bob, "{\"item\":\"umbrella\",\"quantity\":100}"), 409);
        assertProblem(ISSUER.post(ORDERS + "/orders", bob, "{\"item\":\"unicorn\",\"quantity\":1}"), 422);
        assertThat(orders(bob)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "not json",
                "{}",
                "{\"item\":\"book\"}",
                "{\"item\":\" \",\"quantity\":1}",
                "{\"item\":\"book\",\"quantity\":0}",
                "{\"item\":\"book\",\"quantity\":101}",
                "{\"item\":\"book\",\"quantity\":1.5}",
                "{\"item\":[\"book\"],\"quantity\":1}",
            })
    void aBadOrderIsAProblemAndChangesNothing(String body) {
        int before = inStock("book");
        assertProblem(ISSUER.post(ORDERS + "/orders", bob, body), 400);
        assertThat(inStock("book")).isEqualTo(before);
    }

    @Test
    void aTokenForAnotherServiceIsRefused() {
        String token = ISSUER.token("orders", "orders-secret", Map.of("grant_type", "client_credentials"))
                .member("access_token");
        Issuer.Answer answer = ISSUER.get(ORDERS + "/whoami", token);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
    }

    @Test
    void aTokenIsNoSessionForThePages() {
        assertThat(ISSUER.get(ORDERS + "/", alice).body()).contains("Log in").doesNotContain("Log out");
    }

    private static String logIn(String username, String password, String scope) {
        return ISSUER.logIn(username, password, scope).member("access_token");
    }

    private static String orders(String token) {
        Issuer.Answer answer = ISSUER.get(ORDERS + "/orders", token);
        assertThat(answer.status()).isEqualTo(200);
        return answer.body();
    }

    /** What orders says that inventory has, which it asks with its own token. */
    private static int inStock(String item) {
        Matcher matcher = Pattern.compile("\"item\":\"" + item + "\",\"available\":([0-9]+)")
                .matcher(ISSUER.get(ORDERS + "/stock", bob).body());
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private static void assertProblem(Issuer.Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }
}
