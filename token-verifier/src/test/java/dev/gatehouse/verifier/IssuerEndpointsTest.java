package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IssuerEndpointsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ScriptedIssuer issuer = new ScriptedIssuer(new TestClock());
    private final IssuerEndpoints endpoints = new IssuerEndpoints(issuer.settings(), issuer.client());
    private final CountDownLatch latch = new CountDownLatch(1);

    @AfterEach
    void stop() {
        latch.countDown();
        issuer.close();
    }

    private int requests() {
        return issuer.requests(ScriptedIssuer.METADATA);
    }

    private URI introspection() {
        return URI.create(issuer.address() + ScriptedIssuer.INTROSPECTION);
    }

    private FutureTask<URI> ask() {
        FutureTask<URI> asked = new FutureTask<>(() -> endpoints.introspection(PATIENCE));
        Thread thread = new Thread(asked);
        thread.start();
        await().atMost(PATIENCE).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return asked;
    }

    @Test
    void manyWhoNeedTheMetadataAskForThemOnce() throws Exception {
        issuer.answer(ScriptedIssuer.METADATA, Answers.held(latch, issuer.metadata()));
        List<FutureTask<URI>> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(ask());
        }
        latch.countDown();
        for (FutureTask<URI> one : all) {
            assertThat(one.get()).isEqualTo(introspection());
        }
        assertThat(endpoints.introspection(PATIENCE)).isEqualTo(introspection());
        assertThat(requests()).isEqualTo(1);
    }

    @Test
    void nobodyWaitsLongerForAnothersQuestionThanItWouldForItsOwn() {
        issuer.answer(ScriptedIssuer.METADATA, Answers.held(latch, issuer.metadata()));
        FutureTask<URI> patient = ask();
        assertThatIOException().isThrownBy(() -> endpoints.introspection(Duration.ofMillis(10)));
        assertThat(patient).isNotDone();
        latch.countDown();
        assertThat(patient).succeedsWithin(PATIENCE);
        assertThat(requests()).isEqualTo(1);
    }

    @Test
    void aQuestionThatFailedIsAskedAgainByTheNext() throws Exception {
        issuer.answer(ScriptedIssuer.METADATA, Answers.held(latch, Answers.status(503)));
        FutureTask<URI> first = ask();
        FutureTask<URI> second = ask();
        latch.countDown();
        assertThat(first).failsWithin(PATIENCE);
        assertThat(second).failsWithin(PATIENCE);
        issuer.answer(ScriptedIssuer.METADATA, issuer.metadata());
        assertThat(endpoints.introspection(PATIENCE)).isEqualTo(introspection());
        assertThat(requests()).isEqualTo(2);
    }
}
