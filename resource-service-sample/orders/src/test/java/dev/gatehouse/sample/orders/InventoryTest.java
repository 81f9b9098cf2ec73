package dev.gatehouse.sample.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.TokenExchangeGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.server.ResponseStatusException;

/** How orders gets its tokens for inventory, and what it makes of inventory's answers. */
class InventoryTest {
    private static final Order.Request TEAPOT = new Order.Request("teapot", 1);

    private final AtomicInteger fetched = new AtomicInteger();

    private final List<String> exchanged = new CopyOnWriteArrayList<>();

    private final List<String> received = new CopyOnWriteArrayList<>();

    private volatile String refused = "none";

    private final AtomicBoolean nextIsHeld = new AtomicBoolean();

    private final CountDownLatch arrived = new CountDownLatch(1);

    private final CountDownLatch mayAnswer = new CountDownLatch(1);

    private String exchangeSays = "";

    private int lifetime = 300;

    private int reservationStatus = 201;

    private HttpServer server;

    private Inventory inventory;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/stock", exchange -> answer(exchange, 200, "[{\"item\":\"teapot\",\"available\":7}]"));
        server.createContext("/reservations", exchange -> answer(exchange, reservationStatus, "{}"));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        String url = "http://localhost:" + server.getAddress().getPort();
        var properties = new OrdersProperties("http://localhost:8081", new OrdersProperties.Inventory(url, url));
        var registrations = new InMemoryClientRegistrationRepository(
                registration("inventory", AuthorizationGrantType.CLIENT_CREDENTIALS),
                registration("inventory-for-caller", AuthorizationGrantType.TOKEN_EXCHANGE));
        var http = new JdkClientHttpRequestFactory();
        var clients = new InventoryClients();
        inventory = new Inventory(
                clients.inventoryAsOurselves(
                        properties,
                        http,
                        registrations,
                        new InMemoryOAuth2AuthorizedClientService(registrations),
                        this::fetch),
                clients.inventoryForTheCaller(properties, http, registrations, this::exchange));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void fiftyFirstCallsAtOnceFetchOneToken() throws Exception {
        Callable<List<Inventory.Line>> call = inventory::stock;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<List<Inventory.Line>> stock : threads.invokeAll(Collections.nCopies(50, call))) {
                assertThat(stock.get()).containsExactly(new Inventory.Line("teapot", 7));
            }
        }
        assertThat(fetched).hasValue(1);
        assertThat(received).hasSize(50).containsOnly("Bearer own-1");
    }

    @Test
    void aTokenAboutToExpireIsReplacedBeforeItIsUsed() {
        lifetime = 20;
        inventory.stock();
        lifetime = 300;
        inventory.stock();
        inventory.stock();
        assertThat(received).containsExactly("Bearer own-1", "Bearer own-2", "Bearer own-2");
    }

    @Test
    void aTokenOfOursThatWasRevokedIsReplaced() {
        inventory.stock();
        refused = "Bearer own-1";
        assertThat(inventory.stock()).isNotEmpty();
        assertThat(inventory.stock()).isNotEmpty();
        assertThat(fetched).hasValue(2);
    }

    @Test
    void aLateRefusalOfAnOldTokenLeavesTheNewOneThatAnotherHasFetched() throws Exception {
        inventory.stock();
        refused = "Bearer own-1";
        nextIsHeld.set(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Inventory.Line>> late = threads.submit(inventory::stock);
            assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(inventory.stock()).isNotEmpty();
            mayAnswer.countDown();
            assertThat(late.get()).isNotEmpty();
        }
        assertThat(received)
                .containsExactly("Bearer own-1", "Bearer own-1", "Bearer own-1", "Bearer own-2", "Bearer own-2");
    }

    @Test
    void eachReservationExchangesTheCallersTokenAndUsesTheNewOneOnce() {
        inventory.reserve(TEAPOT, caller("alice"));
        inventory.reserve(TEAPOT, caller("bob"));
        inventory.reserve(TEAPOT, caller("alice"));
        assertThat(exchanged).containsExactly("alice", "bob", "alice");
        assertThat(received).containsExactly("Bearer for-alice-1", "Bearer for-bob-2", "Bearer for-alice-3");
        assertThat(fetched).hasValue(0);
    }

    @Test
    void aTokenThatIsRevokedBetweenTheCheckAndTheCallIsRefusedAsInvalid() {
        reservationStatus = 401;
        assertThatThrownBy(() -> inventory.reserve(TEAPOT, caller("alice")))
                .isInstanceOf(InvalidBearerTokenException.class);
        exchangeSays = "invalid_request";
        assertThatThrownBy(() -> inventory.reserve(TEAPOT, caller("alice")))
                .isInstanceOf(InvalidBearerTokenException.class);
    }

    @Test
    void aMistakeInOurOwnSetUpIsNotBlamedOnTheCaller() {
        exchangeSays = "invalid_client";
        assertThatThrownBy(() -> inventory.reserve(TEAPOT, caller("alice")))
                .isInstanceOf(OAuth2AuthorizationException.class);
        exchangeSays = "";
        reservationStatus = 500;
        assertThatThrownBy(() -> inventory.reserve(TEAPOT, caller("alice")))
                .isInstanceOf(HttpServerErrorException.class);
    }

    @Test
    void whatInventoryDoesNotHaveIsTold() {
        reservationStatus = 404;
        assertThatThrownBy(() -> inventory.reserve(TEAPOT, caller("alice")))
                .isInstanceOfSatisfying(
                        ResponseStatusException.class,
                        e -> assertThat(e.getReason()).isEqualTo("no such item"));
        reservationStatus = 409;
        assertThatThrownBy(() -> inventory.reserve(TEAPOT, caller("alice")))
                .isInstanceOfSatisfying(
                        ResponseStatusException.class,
                        e -> assertThat(e.getReason()).isEqualTo("not enough in stock"));
    }

    private static Jwt caller(String token) {
        return Jwt.withTokenValue(token).header("alg", "RS256").subject(token).build();
    }

    private static ClientRegistration registration(String id, AuthorizationGrantType grant) {
        return ClientRegistration.withRegistrationId(id)
                .authorizationGrantType(grant)
                .clientId("orders")
                .tokenUri("http://localhost:9000/oauth2/token")
                .build();
    }

    private OAuth2AccessTokenResponse fetch(OAuth2ClientCredentialsGrantRequest request) {
        return token("own-" + fetched.incrementAndGet());
    }

    private OAuth2AccessTokenResponse exchange(TokenExchangeGrantRequest request) {
        if (!exchangeSays.isEmpty()) {
            throw new OAuth2AuthorizationException(new OAuth2Error(exchangeSays));
        }
        String subject = request.getSubjectToken().getTokenValue();
        exchanged.add(subject);
        return token("for-" + subject + "-" + exchanged.size());
    }

    private OAuth2AccessTokenResponse token(String value) {
        return OAuth2AccessTokenResponse.withToken(value)
                .tokenType(TokenType.BEARER)
                .expiresIn(lifetime)
                .build();
    }

    private void answer(HttpExchange exchange, int status, String body) throws IOException {
        String token = exchange.getRequestHeaders().getFirst("Authorization");
        received.add(token);
        if (nextIsHeld.getAndSet(false)) {
            arrived.countDown();
            hold();
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(token.equals(refused) ? 401 : status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void hold() throws IOException {
        try {
            mayAnswer.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
