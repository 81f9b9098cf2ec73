package dev.gatehouse.server.mail;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.mail.MailException;
import org.springframework.mail.javamail.JavaMailSender;

/** Hands letters to an SMTP server, and tries again for some minutes. What waits is bounded, and is lost with the process. */
final class SmtpMails implements Mails, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpMails.class);

    private static final int MOST_WAITING = 1000;

    private static final List<Duration> DELAYS =
            List.of(Duration.ofSeconds(2), Duration.ofSeconds(15), Duration.ofMinutes(1), Duration.ofMinutes(4));

    private static final Duration LAST_CHANCE = Duration.ofSeconds(5);

    private final JavaMailSender sender;

    private final LetterWriter writer;

    private final MeterRegistry metrics;

    private final Semaphore places = new Semaphore(MOST_WAITING);

    private final ScheduledThreadPoolExecutor threads;

    SmtpMails(JavaMailSender sender, LetterWriter writer, int atOnce, MeterRegistry metrics) {
        this.sender = sender;
        this.writer = writer;
        this.metrics = metrics;
        this.threads = new ScheduledThreadPoolExecutor(
                atOnce, Thread.ofPlatform().name("mail-", 0).daemon().factory());
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public boolean areSent() {
        return true;
    }

    @Override
    public void send(Letter letter) {
        if (!places.tryAcquire()) {
            end(letter, "dropped");
            return;
        }
        attemptAfter(Duration.ZERO, letter, 0);
    }

    private void attemptAfter(Duration delay, Letter letter, int failures) {
        try {
            var _ = threads.schedule(() -> attempt(letter, failures), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            giveUp(letter, "dropped");
        }
    }

    private void attempt(Letter letter, int failures) {
        try {
            sender.send(writer.write(letter, sender));
            giveUp(letter, "sent");
        } catch (MailException e) {
            if (failures < DELAYS.size()) {
                attemptAfter(DELAYS.get(failures), letter, failures + 1);
            } else {
                giveUp(letter, "failed");
            }
        } catch (RuntimeException e) {
            LOG.error("the letter {} cannot be written", letter.name(), e);
            giveUp(letter, "failed");
        }
    }

    private void giveUp(Letter letter, String outcome) {
        places.release();
        end(letter, outcome);
    }

    private void end(Letter letter, String outcome) {
        metrics.counter("gatehouse.mails", "letter", letter.name(), "outcome", outcome)
                .increment();
        if (!outcome.equals("sent")) {
            LOG.warn("A letter ({}) was not sent: {}", letter.name(), outcome);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(LAST_CHANCE.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
