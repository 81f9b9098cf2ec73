package dev.gatehouse.benchmarks;

import com.nimbusds.jose.JOSEException;
import dev.gatehouse.verifier.ScriptedIssuer;
import dev.gatehouse.verifier.TestKeys;
import dev.gatehouse.verifier.TokenVerifier;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** An issuer on this machine with a number of revocation rules, and what verifies its tokens. */
final class Bench implements AutoCloseable {

    private static final String KID = "Zq3sJ6w0c1P9yN5bV7tXdAUe8rLmO2fHk4Gi_QTBnSo";

    private final Random random = new Random(1);
    private final ScriptedIssuer issuer = new ScriptedIssuer(InstantSource.system());

    /** One rule of ten is against a person, two are against a log-in, the rest are against a token. */
    Bench(int rules) {
        this(rules, 10);
    }

    /** @param perPerson how many rules there are for each one against a person */
    Bench(int rules, int perPerson) {
        issuer.publish(TestKeys.rs256(KID));
        issuer.answerAuthorized(ScriptedIssuer.SNAPSHOT, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
                writeSnapshot(out, rules, perPerson);
            }
        });
    }

    private void writeSnapshot(OutputStream out, int rules, int perPerson) throws IOException {
        Random values = new Random(2);
        String head = "{\"issuer\":\"%s\",\"position\":\"%s\",\"rules\":["
                .formatted(issuer.address(), issuer.feed().position());
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < rules; i++) {
            String rule = rule(i, i % perPerson, values) + (i + 1 < rules ? "," : "");
            out.write(rule.getBytes(StandardCharsets.US_ASCII));
        }
        out.write("]}".getBytes(StandardCharsets.US_ASCII));
    }

    private static String rule(int i, int which, Random values) {
        String rest = "\"expires\":4000000000}";
        return switch (which) {
            case 0 ->
                "{\"kind\":\"sub\",\"value\":\"" + uuid(values) + "\",\"before\":\"1763900000000-" + i + "\"," + rest;
            case 1, 2 -> "{\"kind\":\"sid\",\"value\":\"" + id(values) + "\"," + rest;
            default -> "{\"kind\":\"jti\",\"value\":\"" + id(values) + "\"," + rest;
        };
    }

    private static UUID uuid(Random random) {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private static String id(Random random) {
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(random.nextLong())
                .putLong(random.nextLong())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    String issuer() {
        return issuer.address();
    }

    PublicKey key() {
        try {
            return TestKeys.rs256(KID).toRSAPublicKey();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    String keys() {
        return issuer.address() + ScriptedIssuer.JWKS;
    }

    /** A token with the claims that the issuer gives a person's token, with values of its own, good for a day. */
    String token() {
        return issuer.token()
                .key(KID, TestKeys.rs256(KID))
                .with("sub", uuid(random).toString())
                .with("jti", id(random))
                .with("grant_id", id(random))
                .with("sid", id(random))
                .with("scope", "openid profile orders.read orders.write")
                .with("auth_time", Instant.now().getEpochSecond())
                .with("acr", "urn:gatehouse:password")
                .with("amr", List.of("pwd"))
                .with("roles", List.of("clerk", "auditor"))
                .with("exp", Instant.now().getEpochSecond() + 86_400)
                .signed();
    }

    TokenVerifier verifier(int cacheSize, boolean nativeCrypto) {
        TokenVerifier verifier = issuer.verifier()
                .cacheSize(cacheSize)
                .nativeCrypto(nativeCrypto)
                .stalenessBound(Duration.ofMinutes(1))
                .start();
        try {
            if (!verifier.awaitReady(Duration.ofMinutes(2))) {
                throw new IllegalStateException("the verifier is not ready");
            }
            return verifier;
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    @Override
    public void close() {
        issuer.close();
    }
}
