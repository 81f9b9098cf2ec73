package dev.gatehouse.server.token;

import dev.gatehouse.server.keys.OneKey;
import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.Scopes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A client's own access token, RS256: issued, and read for introspection. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@SuppressWarnings("NullAway.Init") // the harness calls start() before all else
public class Tokens {
    /** More than are remembered, so that each comes as if for the first time. */
    private static final int MANY = 10_000;

    private final String[] different = new String[MANY];

    private SignedAccessTokens tokens;

    private int next;

    @Setup
    public void start() throws GeneralSecurityException {
        tokens = new SignedAccessTokens(
                new Issuer("http://localhost:9000"),
                OneKey.signer(SigningAlgorithm.RS256),
                () -> "1763900000000-42",
                new TokenProperties(
                        Duration.ofHours(1),
                        Duration.ofSeconds(60),
                        Duration.ofDays(14),
                        Duration.ofDays(90),
                        Duration.ofSeconds(10),
                        TokenProperties.ReuseEnds.EVERY_LOGIN),
                InstantSource.system(),
                new SecureRandom());
        for (int i = 0; i < MANY; i++) {
            different[i] = issue().value().value();
        }
    }

    @Benchmark
    public AccessToken issue() {
        return tokens.issue(new AccessTokenRequest(
                tokens.newJti(),
                tokens.now(),
                "load",
                "load",
                "http://localhost:8082",
                Scopes.of("inventory.read"),
                null,
                null,
                null,
                null));
    }

    @Benchmark
    public Optional<AccessTokenClaims> readAgain() {
        return tokens.read(different[0]);
    }

    @Benchmark
    public Optional<AccessTokenClaims> readFirstSeen() {
        next = (next + 1) % MANY;
        return tokens.read(different[next]);
    }
}
