package dev.gatehouse.server.protocol;

import static dev.gatehouse.server.protocol.ClientSide.claims;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.protocol.FeedConnection.Event;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** The revocation feed and its snapshot as docs/revocation-feed.md has them, over HTTP. */
@GatehouseTest
class RevocationFeedIT {
    private static final String FEED = "/revocations/feed";

    private static final String SNAPSHOT = "/revocations/snapshot";

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private GrantedCodes codes;

    private ClientSide inventory = ClientSide.unauthenticated("");

    private ClientSide load = inventory;

    @BeforeEach
    void clients() {
        inventory = ClientSide.of(issuer, "inventory", "inventory-secret");
        load = ClientSide.of(issuer, "load", "load-secret");
    }

    private String token() {
        return load.token("grant_type", "client_credentials").text("access_token");
    }

    private String revoked() {
        String token = token();
        assertThat(load.revoke(token).status()).isEqualTo(200);
        return String.valueOf(claims(token).get("jti"));
    }

    private String position() {
        return inventory.get(SNAPSHOT).text("position");
    }

    @Test
    void theFeedIsForConfidentialClientsAndTokensOfTheirOwnForTheIssuer() throws IOException {
        String ofAPerson = ClientSide.of(issuer, "web", "web-secret")
                .token(
                        "grant_type",
                        "authorization_code",
                        "code",
                        codes.forClient("web", "openid orders.read"),
                        "redirect_uri",
                        GrantedCodes.REDIRECT_URI,
                        "code_verifier",
                        GrantedCodes.VERIFIER)
                .text("access_token");
        List<ClientSide> strangers = List.of(
                ClientSide.unauthenticated(issuer),
                ClientSide.of(issuer, "inventory", "wrong"),
                ClientSide.of(issuer, "spa", ""),
                ClientSide.of(issuer, "nobody", "inventory-secret"),
                ClientSide.bearer(issuer, token()),
                ClientSide.bearer(issuer, ofAPerson),
                ClientSide.bearer(issuer, "garbage"));
        for (ClientSide stranger : strangers) {
            for (String path : List.of(FEED, SNAPSHOT)) {
                Answer answer = stranger.get(path);
                assertThat(answer.status()).isEqualTo(401);
                assertThat(answer.response().headers().allValues("WWW-Authenticate"))
                        .hasSize(2);
            }
        }
        String own = inventory.token("grant_type", "client_credentials").text("access_token");
        ClientSide withToken = ClientSide.bearer(issuer, own);
        assertThat(withToken.get(SNAPSHOT).status()).isEqualTo(200);
        try (FeedConnection feed = FeedConnection.open(withToken.request(FEED))) {
            assertThat(feed.status()).isEqualTo(200);
            feed.next("heartbeat");
            assertThat(inventory.revoke(own).status()).isEqualTo(200);
            feed.next("reconnect");
        }
    }

    @Test
    void theSnapshotHoldsTheRulesInForce() {
        String jti = revoked();

        Answer snapshot = inventory.get(SNAPSHOT);

        assertThat(snapshot.header("Cache-Control")).contains("no-store");
        assertThat(snapshot.json()).containsEntry("issuer", issuer);
        assertThat(snapshot.text("position")).matches("[0-9]+-[0-9]+");
        assertThat(snapshot.response().body()).contains("\"kind\":\"jti\",\"value\":\"" + jti + "\"");
    }

    @Test
    void rulesComeInOrderWithoutGapsAndAReconnectResumesAfterTheLastOne() throws IOException {
        String before = position();
        List<String> jtis = IntStream.range(0, 5).mapToObj(_ -> revoked()).toList();
        String third;
        try (FeedConnection feed = FeedConnection.open(inventory.request(FEED).header("Last-Event-ID", before))) {
            List<Event> rules = feed.rules(5);
            for (int i = 0; i < 5; i++) {
                assertThat(rules.get(i).data()).contains("\"jti\"", jtis.get(i));
            }
            long first = sequence(rules.getFirst().id());
            assertThat(rules.stream().map(rule -> sequence(rule.id())))
                    .containsExactly(first, first + 1, first + 2, first + 3, first + 4);
            third = rules.get(2).id();
        }
        try (FeedConnection again = FeedConnection.open(inventory.request(FEED + "?after=" + third))) {
            assertThat(again.rules(2).getFirst().data()).contains(jtis.get(3));
            String live = revoked();
            assertThat(again.next("rule").data()).contains(live);
            assertThat(again.next("heartbeat").data()).contains("\"position\"", "\"age_ms\"");
        }
    }

    private static long sequence(String position) {
        return Long.parseLong(position.substring(position.indexOf('-') + 1));
    }

    @Test
    void aPositionThatCannotBeContinuedFromIsReset() throws IOException {
        for (String unknown : List.of("1-1", "99999999999999-7", position() + "0000")) {
            try (FeedConnection feed =
                    FeedConnection.open(inventory.request(FEED).header("Last-Event-ID", unknown))) {
                feed.next("reset");
                feed.next("end");
            }
        }
    }

    @Test
    void nonsenseIsRefused() {
        for (String nonsense : List.of("x", "1", "-1-1", "1-1-1", "1-99999999999999999999999")) {
            assertThat(ClientSide.send(inventory.request(FEED).header("Last-Event-ID", nonsense))
                            .status())
                    .as(nonsense)
                    .isEqualTo(400);
        }
        for (String path : List.of(FEED, SNAPSHOT)) {
            assertThat(inventory.post(path, "").status()).isEqualTo(405);
            assertThat(ClientSide.send(inventory.request(path).method("DELETE", BodyPublishers.noBody()))
                            .header("Allow"))
                    .isEqualTo("GET");
        }
        assertThat(inventory.get("/revocations/other").status()).isEqualTo(404);
    }
}
