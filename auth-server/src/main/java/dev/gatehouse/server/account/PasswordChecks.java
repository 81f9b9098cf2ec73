package dev.gatehouse.server.account;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Runs a bounded number of password hashes at once, so that a storm of logins cannot starve the token endpoint.
 *
 * <p>They run on threads of the operating system: a virtual thread that only computes keeps its processor from all others until it
 * is done. There are two lines. Whoever may be an attacker waits in one whose threads leave the processors to everybody else;
 * people on a device of theirs have one for themselves, which no storm from elsewhere makes longer or slower.
 */
final class PasswordChecks implements AutoCloseable {
    private final PasswordLine first;

    private final PasswordLine inOrder;

    PasswordChecks(int atOnce, Duration patience) {
        this(atOnce, patience, ordinaryThreads(), System::nanoTime);
    }

    /** @param quiet makes the threads of those who may be attackers */
    PasswordChecks(int atOnce, Duration patience, ThreadFactory quiet, LongSupplier nanoTime) {
        this.first = new PasswordLine(Math.max(1, atOnce / 2), patience, ordinaryThreads(), nanoTime);
        this.inOrder = new PasswordLine(atOnce, patience, quiet, nanoTime);
    }

    private static ThreadFactory ordinaryThreads() {
        return Thread.ofPlatform().name("password-check").daemon().factory();
    }

    /** The result of the work, which no more than the bound do at once. */
    <T> T run(Supplier<T> work) {
        return run(Turn.IN_ORDER, work);
    }

    <T> T run(Turn turn, Supplier<T> work) {
        return line(turn).run(work);
    }

    /** Whether a check that came now would begin in the time that people wait. */
    boolean hasRoom(Turn turn) {
        return line(turn).hasRoom();
    }

    /** The same when so many others came lately, who may be on their way to it, wait for it or have begun. */
    boolean hasRoom(Turn turn, int cameLately) {
        return line(turn).hasRoom(cameLately);
    }

    /** How many wait for this turn. */
    int waiting(Turn turn) {
        return line(turn).waiting();
    }

    private PasswordLine line(Turn turn) {
        return turn == Turn.FIRST ? first : inOrder;
    }

    @Override
    public void close() {
        first.close();
        inOrder.close();
    }
}
