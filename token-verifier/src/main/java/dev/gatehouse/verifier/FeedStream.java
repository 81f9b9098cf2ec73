package dev.gatehouse.verifier;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The bytes of an open feed, read piece by piece with a time-out; no more than one piece waits in memory. */
final class FeedStream implements Subscriber<List<ByteBuffer>>, AutoCloseable {

    private record Piece(ByteBuffer bytes, @Nullable IOException end) {}

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private volatile @Nullable Subscription subscription;

    /** The next piece. */
    ByteBuffer read(Duration patience) throws IOException, InterruptedException {
        Piece piece = pieces.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (piece == null) {
            throw new IOException("nothing was heard for " + patience.toMillis() + " ms");
        }
        if (piece.end() != null) {
            throw piece.end();
        }
        Subscription more = subscription;
        if (more != null) {
            more.request(1);
        }
        return piece.bytes();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        ByteBuffer copy = ByteBuffer.allocate(
                buffers.stream().mapToInt(ByteBuffer::remaining).sum());
        buffers.forEach(copy::put);
        pieces.add(new Piece(copy.flip(), null));
    }

    @Override
    public void onError(Throwable failure) {
        pieces.add(new Piece(NOTHING, new IOException(failure)));
    }

    @Override
    public void onComplete() {
        pieces.add(new Piece(NOTHING, new EOFException("the issuer closed the feed")));
    }

    @Override
    public void close() {
        Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
    }
}
