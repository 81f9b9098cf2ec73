package dev.gatehouse.server.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;

/** Questions that are asked together. */
class TogetherTest {
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    private final List<Set<Integer>> asked = new ArrayList<>();

    private final CountDownLatch mayAnswer = new CountDownLatch(1);

    private final Together<Integer, String> together =
            new Together<>(this::source, Thread::startVirtualThread, Duration.ofSeconds(20));

    /** Odd numbers have no answer, negative ones are a failure. Called by one thread at a time, or the list would show it. */
    private Map<Integer, String> source(Set<Integer> keys) {
        asked.add(keys);
        await();
        if (keys.stream().anyMatch(key -> key < 0)) {
            throw new IllegalStateException("the store is away");
        }
        Map<Integer, String> answers = new HashMap<>();
        keys.stream().filter(key -> key % 2 == 0).forEach(key -> answers.put(key, "answer " + key));
        return answers;
    }

    private void await() {
        try {
            assertThat(mayAnswer.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() {
        callers.close();
    }

    private Future<Optional<String>> ask(int key) {
        return callers.submit(() -> together.ask(key));
    }

    private void awaitFirstQuestion() throws InterruptedException {
        while (asked.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Test
    void whatComesWhileAnAnswerIsOnItsWayIsAskedAtOnceAndAnew() throws Exception {
        Future<Optional<String>> first = ask(0);
        awaitFirstQuestion();
        List<Future<Optional<String>>> later =
                IntStream.range(0, 50).mapToObj(this::ask).toList();
        while (together.waiting() < later.size()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }

        mayAnswer.countDown();

        assertThat(first.get()).contains("answer 0");
        for (int i = 0; i < later.size(); i++) {
            assertThat(later.get(i).get()).isEqualTo(i % 2 == 0 ? Optional.of("answer " + i) : Optional.empty());
        }
        assertThat(asked).hasSize(2);
        assertThat(asked.getFirst()).containsExactly(0);
        assertThat(asked.getLast()).hasSize(50).contains(0);
    }

    @Test
    void nothingIsRemembered() {
        mayAnswer.countDown();

        assertThat(together.ask(2)).contains("answer 2");
        assertThat(together.ask(2)).contains("answer 2");

        assertThat(asked).hasSize(2);
    }

    @Test
    void aFailureIsToldToAllWhoAskedAndToNobodyAfterThem() {
        mayAnswer.countDown();

        assertThatThrownBy(() -> together.ask(-2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the store is away");
        assertThat(together.ask(2)).contains("answer 2");
    }

    @Test
    void whoeverIsNotAnsweredInTimeIsToldSoAndTheNextOnesAreAskedForWhenTheSourceIsBack() throws Exception {
        Together<Integer, String> impatient =
                new Together<>(this::source, Thread::startVirtualThread, Duration.ofMillis(50));

        assertThatThrownBy(() -> impatient.ask(0)).isInstanceOf(QueryTimeoutException.class);
        assertThatThrownBy(() -> impatient.ask(2)).isInstanceOf(QueryTimeoutException.class);
        assertThat(impatient.waiting()).isZero();

        mayAnswer.countDown();
        assertThat(askAgainAndAgain(impatient, 4)).contains("answer 4");
    }

    private static Optional<String> askAgainAndAgain(Together<Integer, String> together, int key) {
        for (int i = 0; i < 200; i++) {
            try {
                return together.ask(key);
            } catch (QueryTimeoutException e) {
                // The first answer is still on its way.
            }
        }
        throw new AssertionError("not answered in 200 tries");
    }

    @Test
    void anErrorOfTheSourceIsToldAndNothingIsStuckAfterIt() {
        mayAnswer.countDown();
        Together<Integer, String> failing = new Together<>(
                keys -> {
                    if (keys.contains(1)) {
                        throw new NoClassDefFoundError("broken");
                    }
                    return source(keys);
                },
                Thread::startVirtualThread,
                Duration.ofSeconds(20));

        assertThatThrownBy(() -> failing.ask(1)).hasRootCauseInstanceOf(NoClassDefFoundError.class);
        assertThat(failing.ask(2)).contains("answer 2");
    }

    @Test
    void everybodyIsAnsweredHoweverManyComeAtOnce() throws Exception {
        mayAnswer.countDown();

        List<Future<Optional<String>>> all =
                IntStream.range(0, 20_000).mapToObj(this::ask).toList();

        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).get()).isEqualTo(i % 2 == 0 ? Optional.of("answer " + i) : Optional.empty());
        }
    }
}
