package dev.gatehouse.server.account;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One password hash with the house's parameters, by each implementation. Several forks, since BouncyCastle's time differs from one to the next. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@SuppressWarnings("NullAway.Init") // the harness calls start() before all else
public class Hashing {
    private static final byte[] PASSWORD = "correct horse battery staple".getBytes(StandardCharsets.US_ASCII);

    private static final Argon2Hash HOUSE = Argon2Hash.id(19_456, 2, new byte[16], new byte[32]);

    @Param({"libsodium", "bouncycastle"})
    public String library;

    private Argon2 argon2;

    @Setup
    public void start() {
        Argon2 portable = new PortableArgon2();
        argon2 = library.equals(portable.name())
                ? portable
                : NativeArgon2.find(portable).orElseThrow();
    }

    @Benchmark
    public byte[] hash() {
        return argon2.derive(PASSWORD, HOUSE);
    }
}
