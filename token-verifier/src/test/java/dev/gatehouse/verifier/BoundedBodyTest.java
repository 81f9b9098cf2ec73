package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class BoundedBodyTest {

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aBodyIsGivenOnceAndLetGoOf() throws Exception {
        BoundedBody body = new BoundedBody(100);
        body.onNext(List.of(bytes("one, "), bytes("two, ")));
        body.onNext(List.of(bytes("thrée")));
        body.onComplete();
        BoundedBody complete = body.getBody().toCompletableFuture().get();
        assertThat(complete.take()).isEqualTo("one, two, thrée");
        assertThat(complete.take()).isEmpty();
    }

    @Test
    void aBodyThatIsTooLongIsGivenUpOn() {
        BoundedBody body = new BoundedBody(3);
        body.onNext(List.of(bytes("four")));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> body.getBody().toCompletableFuture().get())
                .withCauseInstanceOf(IOException.class);
    }
}
