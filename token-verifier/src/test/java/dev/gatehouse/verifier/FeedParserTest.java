package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FeedParserTest {

    private final FeedParser parser = new FeedParser();

    private List<FeedEvent> parse(String text) throws IOException {
        return parser.parse(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void anEventHasItsIdItsTypeAndItsData() throws IOException {
        assertThat(parse("id: 5-11\nevent: rule\ndata: {\"a\":1}\n\n"))
                .containsExactly(new FeedEvent("5-11", "rule", "{\"a\":1}"));
    }

    @Test
    void anIdIsNotHandedDownToTheNextEvent() throws IOException {
        assertThat(parse("id: 5-11\nevent: rule\ndata: {}\n\nevent: rule\ndata: {}\n\n"))
                .containsExactly(new FeedEvent("5-11", "rule", "{}"), new FeedEvent(null, "rule", "{}"));
    }

    @Test
    void commentsUnknownFieldsAndEventsWithoutDataAreIgnored() throws IOException {
        assertThat(parse(": hello\nretry: 5\nevent: rule\n\ndata\ndata:  b\n\n"))
                .containsExactly(new FeedEvent(null, "message", "\n b"));
    }

    @Test
    void linesMayEndInThreeWaysAndBeginWithAMark() throws IOException {
        assertThat(parse("\uFEFFdata: a\r\n\r\ndata: b\r\rdata: c\n\n"))
                .containsExactly(
                        new FeedEvent(null, "message", "a"),
                        new FeedEvent(null, "message", "b"),
                        new FeedEvent(null, "message", "c"));
    }

    @Test
    void eventsMayArriveInAnyPieces() throws IOException {
        String text = ": ü\r\nid: 5-11\r\nevent: rule\r\ndata: grün\r\n\r\nevent: heartbeat\ndata: {}\n\n";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            FeedParser fresh = new FeedParser();
            List<FeedEvent> events = new ArrayList<>();
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(1 + random.nextInt(7), bytes.length - at);
                events.addAll(fresh.parse(ByteBuffer.wrap(bytes, at, length)));
                at += length;
            }
            assertThat(events)
                    .containsExactly(new FeedEvent("5-11", "rule", "grün"), new FeedEvent(null, "heartbeat", "{}"));
        }
    }

    @Test
    void aLineWithoutEndIsGivenUp() {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> parse("data: " + "x".repeat(100_000)));
    }

    @Test
    void anEventWithoutEndIsGivenUp() {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> parse("data: xxxxxxxx\n".repeat(20_000)));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new FeedParser()
                        .parse(ByteBuffer.wrap("data\n".repeat(100_000).getBytes(StandardCharsets.UTF_8))));
    }
}
