package dev.gatehouse.benchmarks;

import dev.gatehouse.verifier.TokenVerifier;
import dev.gatehouse.verifier.spring.StarterDecoder;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** How much of the heap a million rules take, and what the cache of verified tokens takes when it is full. */
final class Heap {

    private static final int RULES = 1_000_000;
    private static final int CACHE = 16 * 1024 * 1024;
    private static final int TOKENS = 8_192;
    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    private Heap() {}

    static void print() {
        long none = used(() -> new Bench(0), Heap::idle);
        System.out.println("| held | heap | each |");
        System.out.println("|---|---|---|");
        row("10⁶ rules, one of ten against a person", used(() -> new Bench(RULES), Heap::idle) - none, RULES);
        row("10⁶ rules, all against people", used(() -> new Bench(RULES, 1), Heap::idle) - none, RULES);
        long[] cached = new long[1];
        long full = used(() -> new Bench(0), (bench, verifier) -> cached[0] = fill(bench, verifier));
        row("a full cache of 16 MB, " + cached[0] + " tokens", full - none, cached[0]);
    }

    private interface Use {
        void use(Bench bench, TokenVerifier verifier);
    }

    private static void idle(Bench bench, TokenVerifier verifier) {}

    private static long fill(Bench bench, TokenVerifier verifier) {
        JwtDecoder decoder = StarterDecoder.of(verifier);
        for (int i = 0; i < TOKENS; i++) {
            String token = bench.token();
            for (int times = 0; times < 3; times++) {
                decoder.decode(token);
            }
        }
        return verifier.cachedTokens();
    }

    private static long used(Supplier<Bench> benches, Use use) {
        try (Bench bench = benches.get();
                TokenVerifier verifier = bench.verifier(CACHE, false)) {
            use.use(bench, verifier);
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 10; i++) {
                System.gc();
                TimeUnit.MILLISECONDS.sleep(300);
                least = Math.min(least, MEMORY.getHeapMemoryUsage().getUsed());
            }
            return least;
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private static void row(String what, long bytes, long count) {
        System.out.printf("| %s | %.1f MB | %d B |%n", what, bytes / 1e6, bytes / count);
    }
}
