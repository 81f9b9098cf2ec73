package dev.gatehouse.server.account;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.dao.QueryTimeoutException;

/**
 * One question at a time, for all who have it: whoever comes while an answer is on its way is asked for by the next one, together with all who
 * have come meanwhile. Nothing is remembered: an answer is never older than its question.
 */
final class Together<K, V> {
    private static final int MOST = 200;

    private final Function<Set<K>, Map<K, V>> source;

    private final Executor threads;

    private final Duration patience;

    private final Queue<Question<K, V>> waiting = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean asking = new AtomicBoolean();

    /**
     * @param source has the answers to any number of questions at once, to those that have one
     * @param patience how long a caller waits for an answer
     */
    Together(Function<Set<K>, Map<K, V>> source, Executor threads, Duration patience) {
        this.source = source;
        this.threads = threads;
        this.patience = patience;
    }

    /** @throws QueryTimeoutException when the answer does not come in time: one that never comes must not hold everybody */
    Optional<V> ask(K key) {
        Question<K, V> question = new Question<>(key, new CompletableFuture<>());
        waiting.add(question);
        if (asking.compareAndSet(false, true)) {
            threads.execute(this::askForAll);
        }
        try {
            return question.answer()
                    .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            waiting.remove(question);
            if (e.getCause() instanceof TimeoutException) {
                throw new QueryTimeoutException("no answer in time", e);
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    /** How many wait to be asked for. */
    int waiting() {
        return waiting.size();
    }

    private void askForAll() {
        do {
            for (List<Question<K, V>> some = next(); !some.isEmpty(); some = next()) {
                ask(some);
            }
            asking.set(false);
        } while (!waiting.isEmpty() && asking.compareAndSet(false, true));
    }

    private List<Question<K, V>> next() {
        List<Question<K, V>> some = new ArrayList<>();
        Question<K, V> question = waiting.poll();
        while (question != null) {
            some.add(question);
            question = some.size() < MOST ? waiting.poll() : null;
        }
        return some;
    }

    private void ask(List<Question<K, V>> some) {
        try {
            Map<K, V> answers = source.apply(some.stream().map(Question::key).collect(Collectors.toSet()));
            some.forEach(question -> question.answer().complete(Optional.ofNullable(answers.get(question.key()))));
        } catch (RuntimeException | Error e) {
            some.forEach(question -> question.answer().completeExceptionally(e));
        }
    }

    private record Question<K, V>(K key, CompletableFuture<Optional<V>> answer) {}
}
