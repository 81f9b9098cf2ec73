package dev.gatehouse.server.account;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that leave the processors to all others of this server when there is not enough for everybody: on Linux by a nice value
 * of their own, which the JDK's thread priorities do not set there. With 15 such a thread gets a thirtieth of what another one gets,
 * and everything that nobody else wants.
 */
final class QuietThreads implements ThreadFactory {
    private static final Logger log = LoggerFactory.getLogger(QuietThreads.class);

    private static final int NICE = 15;

    /** The thread that calls, by Linux's reading of {@code PRIO_PROCESS} and 0. */
    private static final int THIS_THREAD = 0;

    /** int setpriority(int which, id_t who, int prio). */
    private static final FunctionDescriptor SET_PRIORITY = FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);

    private final MethodHandle setPriority;

    private QuietThreads(MethodHandle setPriority) {
        this.setPriority = setPriority;
    }

    /** Where threads can have a nice value of their own. */
    @SuppressWarnings("restricted") // the manifest enables native access
    static Optional<ThreadFactory> find() {
        if (!"Linux".equals(System.getProperty("os.name"))) {
            return Optional.empty();
        }
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("setpriority")
                .map(function -> new QuietThreads(linker.downcallHandle(function, SET_PRIORITY)));
    }

    @Override
    public Thread newThread(Runnable work) {
        return Thread.ofPlatform().name("password-check").daemon().unstarted(() -> {
            beQuiet();
            work.run();
        });
    }

    @SuppressWarnings("IllegalCatch")
    private void beQuiet() {
        try {
            int failed = (int) setPriority.invokeExact(THIS_THREAD, THIS_THREAD, NICE);
            if (failed != 0) {
                log.debug("password checks run at everybody's priority");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
