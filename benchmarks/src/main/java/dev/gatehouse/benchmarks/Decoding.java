package dev.gatehouse.benchmarks;

import dev.gatehouse.verifier.ScriptedIssuer;
import dev.gatehouse.verifier.TokenVerifier;
import dev.gatehouse.verifier.spring.StarterDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * One token again and again, and tokens that the verifier has not in its cache, by Gatehouse and by Spring Security's own
 * decoder with the validators of RFC 9068. Each call gets a string of its own, as it would out of a request.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init") // the harness calls start() before all else
public class Decoding {

    /** So many tokens, and so small a cache, that each is long forgotten when it comes again. */
    private static final int DISTINCT = 8_192;

    private static final int SMALL_CACHE = 256 * 1024;
    private static final int CACHE = 16 * 1024 * 1024;

    @Param({"0", "100000", "1000000"})
    public int rules;

    /** The platform's own cryptography, or Amazon's (Linux on x86-64): the verifier finds it, for others it is installed. */
    @Param({"jdk", "accp"})
    public String crypto;

    private Bench bench;
    private TokenVerifier verifier;
    private JwtDecoder gatehouse;
    private JwtDecoder spring;
    private byte[] token;
    private byte[][] distinct;
    private PublicKey key;
    private byte[] signed;
    private byte[] signature;
    private int next;

    @Setup
    public void start(BenchmarkParams benchmark) {
        if (crypto.equals("accp")) {
            install("com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider");
        }
        bench = new Bench(rules);
        boolean firstSeen = benchmark.getBenchmark().contains("firstSeen");
        verifier = bench.verifier(firstSeen ? SMALL_CACHE : CACHE, crypto.equals("accp"));
        gatehouse = StarterDecoder.of(verifier);
        NimbusJwtDecoder nimbus =
                NimbusJwtDecoder.withJwkSetUri(bench.keys()).validateType(false).build();
        nimbus.setJwtValidator(JwtValidators.createAtJwtValidator()
                .issuer(bench.issuer())
                .audience(ScriptedIssuer.AUDIENCE)
                .clientId("web")
                .build());
        spring = nimbus;
        String good = bench.token();
        int dot = good.lastIndexOf('.');
        token = bytes(good);
        signed = bytes(good.substring(0, dot));
        signature = Base64.getUrlDecoder().decode(good.substring(dot + 1));
        key = bench.key();
        distinct = Stream.generate(bench::token)
                .parallel()
                .limit(firstSeen ? DISTINCT : 1)
                .map(Decoding::bytes)
                .toArray(byte[][]::new);
    }

    @TearDown
    public void stop() {
        System.out.printf(
                "%n# token of %d characters, rules %d, cache hits %d, misses %d%n",
                token.length, verifier.rules(), verifier.cacheHits(), verifier.cacheMisses());
        verifier.close();
        bench.close();
    }

    private static void install(String provider) {
        try {
            Class.forName(provider).getMethod("install").invoke(null);
            System.out.printf("%n# %s%n", Signature.getInstance("SHA256withRSA").getProvider());
        } catch (ReflectiveOperationException | NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private String another() {
        next = next + 1 == distinct.length ? 0 : next + 1;
        return text(distinct[next]);
    }

    /** The part of all that no verifier can save: the signature alone. */
    @Benchmark
    public Object signatureAlone() throws GeneralSecurityException {
        Signature verification = Signature.getInstance("SHA256withRSA");
        verification.initVerify(key);
        verification.update(signed);
        return verification.verify(signature);
    }

    @Benchmark
    public Object repeatedByVerifier() {
        return verifier.verify(text(token));
    }

    @Benchmark
    public Object repeatedByStarter() {
        return gatehouse.decode(text(token));
    }

    @Benchmark
    public Object repeatedBySpring() {
        return spring.decode(text(token));
    }

    @Benchmark
    public Object firstSeenByVerifier() {
        return verifier.verify(another());
    }

    @Benchmark
    public Object firstSeenByStarter() {
        return gatehouse.decode(another());
    }

    @Benchmark
    public Object firstSeenBySpring() {
        return spring.decode(another());
    }
}
