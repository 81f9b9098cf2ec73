package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.gatehouse.verifier.RevocationReplica.Next;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The wire format's own test vectors, docs/revocation-feed/vectors.json. */
class FeedVectorsTest {

    private static final String ISSUER = "https://issuer.example";
    private static final String START = "1763900000000-42";

    private final Map<String, Object> vectors = read();
    private final Instant now = Instant.ofEpochSecond(number("now"));

    private static Map<String, Object> read() {
        try {
            return JSONObjectUtils.parse(Files.readString(Path.of("../docs/revocation-feed/vectors.json")));
        } catch (IOException | ParseException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @TestFactory
    Stream<DynamicTest> tokensWithRulesOfTheSnapshot() {
        return tests("tokens", vector -> {
            RevocationReplica replica = replica(START, objects(vector, "rules"));
            assertThat(outcome(replica, object(vector, "token"))).isEqualTo(vector.get("expected"));
        });
    }

    @TestFactory
    Stream<DynamicTest> tokensWithRulesOfTheFeed() {
        return tests("tokens", vector -> {
            RevocationReplica replica = replica(START, List.of());
            long seq = replica.position().seq();
            for (Map<String, Object> rule : objects(vector, "rules")) {
                seq++;
                FeedEvent entry = new FeedEvent("1763900000000-" + seq, "rule", JSONObjectUtils.toJSONString(rule));
                assertThat(replica.apply(entry)).isEqualTo(Next.READ_ON);
            }
            assertThat(outcome(replica, object(vector, "token"))).isEqualTo(vector.get("expected"));
        });
    }

    @TestFactory
    Stream<DynamicTest> whatTheFeedSays() {
        return tests("feed", vector -> {
            RevocationReplica replica = replica(String.valueOf(vector.get("position")), List.of());
            Next next = Next.READ_ON;
            for (Map<String, Object> event : objects(vector, "events")) {
                assertThat(next).isEqualTo(Next.READ_ON);
                next = replica.apply(new FeedEvent(
                        JSONObjectUtils.getString(event, "id"),
                        String.valueOf(event.get("event")),
                        JSONObjectUtils.toJSONString(object(event, "data"))));
            }
            Map<String, Object> expected = object(vector, "expected");
            assertThat(replica.position()).hasToString(String.valueOf(expected.get("position")));
            assertThat(next.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                    .isEqualTo(String.valueOf(expected.get("then")).replace(" a ", " "));
        });
    }

    private RevocationReplica replica(String position, List<?> rules) throws ParseException {
        VerifierSettings settings = new VerifierSettings(
                ISSUER,
                "api",
                URI.create(ISSUER),
                null,
                false,
                Set.of(),
                Duration.ofSeconds(number("skew")),
                Duration.ofSeconds(5),
                StalenessPolicy.CLOSED,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                16 * 1024,
                16 * 1024 * 1024);
        RevocationReplica replica = new RevocationReplica(settings, new Stopwatch(() -> now, () -> 0), () -> {});
        replica.load(Map.of("issuer", ISSUER, "position", position, "rules", rules));
        return replica;
    }

    private static String outcome(RevocationReplica replica, Map<String, Object> token) throws ParseException {
        replica.apply(new FeedEvent(
                null, "heartbeat", "{\"position\":\"" + replica.position() + "\",\"age_ms\":0,\"elapsed_ms\":0}"));
        String kid = String.valueOf(object(token, "header").get("kid"));
        if (isRefused(replica, kid, object(token, "claims"))) {
            return "refused";
        }
        return replica.isFresh() ? "accepted" : "stale";
    }

    private static boolean isRefused(RevocationReplica replica, String kid, Map<String, Object> claims) {
        try {
            return replica.refuses(RuleTarget.of(kid, claims));
        } catch (ParseException malformed) {
            return true;
        }
    }

    private interface Check {
        void run(Map<String, Object> vector) throws ParseException;
    }

    private Stream<DynamicTest> tests(String kind, Check check) {
        List<Map<String, Object>> ofKind = objects(vectors, kind);
        assertThat(ofKind).isNotEmpty();
        return ofKind.stream()
                .map(vector -> DynamicTest.dynamicTest(String.valueOf(vector.get("name")), () -> check.run(vector)));
    }

    private long number(String name) {
        return ((Number) vectors.getOrDefault(name, -1)).longValue();
    }

    private static Map<String, Object> object(Map<String, Object> parent, String name) {
        return member(() -> JSONObjectUtils.getJSONObject(parent, name), name);
    }

    private static List<Map<String, Object>> objects(Map<String, Object> parent, String name) {
        return Arrays.asList(member(() -> JSONObjectUtils.getJSONObjectArray(parent, name), name));
    }

    private interface Member<T> {
        T get() throws ParseException;
    }

    private static <T> T member(Member<T> member, String name) {
        try {
            return member.get();
        } catch (ParseException bad) {
            throw new IllegalStateException(name, bad);
        }
    }
}
