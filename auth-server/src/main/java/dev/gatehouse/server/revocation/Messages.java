package dev.gatehouse.server.revocation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.nimbusds.jose.jwk.JWKSet;
import dev.gatehouse.server.oauth.Issuer;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** The wire format of feed and snapshot, docs/revocation-feed.md. */
final class Messages {
    /** Keeps the connection from looking dead while there is nothing to say; not an event. */
    static final byte[] COMMENT = bytes(":\n\n");

    static final byte[] RECONNECT = bytes("event: reconnect\ndata: {}\n\n");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @JsonInclude(Include.NON_NULL)
    private record RuleMessage(
            String kind, String value, @Nullable String before, long expires) {
        static RuleMessage of(Rule rule) {
            LogPosition before = rule.before();
            return new RuleMessage(
                    rule.kind(), rule.value(), before == null ? null : before.toString(), rule.expires());
        }
    }

    private Messages() {}

    static byte[] rule(LogEntry entry) {
        return bytes("id: " + entry.position() + "\nevent: rule\ndata: "
                + JSON.writeValueAsString(RuleMessage.of(entry.rule())) + "\n\n");
    }

    static byte[] keys(JWKSet published) {
        return bytes("event: keys\ndata: " + JSON.writeValueAsString(published.toJSONObject(true)) + "\n\n");
    }

    static byte[] heartbeat(LogPosition position, Duration age, Duration elapsed) {
        return bytes("event: heartbeat\ndata: {\"position\":\"" + position + "\",\"age_ms\":" + age.toMillis()
                + ",\"elapsed_ms\":" + elapsed.toMillis() + "}\n\n");
    }

    static byte[] reset(LogPosition position) {
        return bytes("event: reset\ndata: {\"position\":\"" + position + "\"}\n\n");
    }

    @JsonInclude(Include.NON_NULL)
    private record ReceiptMessage(
            String position,
            int verifiers,
            int applied,
            @JsonProperty("slowest_ms") @Nullable Long slowestMillis,
            List<String> stragglers) {}

    static byte[] receipt(LogPosition position, Receipt receipt) {
        return JSON.writeValueAsBytes(new ReceiptMessage(
                position.toString(),
                receipt.verifiers(),
                receipt.applied(),
                receipt.slowestMillis() < 0 ? null : receipt.slowestMillis(),
                receipt.stragglers()));
    }

    static void snapshot(OutputStream out, Issuer issuer, LogPosition position, Iterable<Rule> rules) {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringProperty("issuer", issuer.value());
            json.writeStringProperty("position", position.toString());
            json.writeArrayPropertyStart("rules");
            rules.forEach(rule -> json.writePOJO(RuleMessage.of(rule)));
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
