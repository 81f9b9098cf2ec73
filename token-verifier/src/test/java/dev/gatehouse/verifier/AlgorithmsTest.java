package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of several algorithms side by side, each of which an attacker would like to use for another. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class AlgorithmsTest {

    private static final RSAKey RS = TestKeys.rs256("rs");
    private static final RSAKey PS = TestKeys.ps256("ps");
    private static final ECKey ES = TestKeys.es256("es");
    private static final KeyPair ED_PAIR = TestKeys.ed25519();

    @Parameter
    boolean isNative;

    private final TestClock clock = new TestClock();
    private final ScriptedIssuer issuer = new ScriptedIssuer(clock);
    private @Nullable TokenVerifier started;

    @BeforeEach
    void start() throws InterruptedException {
        issuer.publish(RS, PS, ES, TestKeys.eddsa("ed", ED_PAIR.getPublic()));
        TokenVerifier verifier = issuer.verifier()
                .nativeCrypto(isNative)
                .clock(clock, clock::nanos)
                .start();
        started = verifier;
        assertThat(verifier.awaitReady(Duration.ofSeconds(60))).isTrue();
    }

    @AfterEach
    void stop() {
        if (started != null) {
            started.close();
        }
        issuer.close();
    }

    private @Nullable Refusal outcome(String token) {
        return Objects.requireNonNull(started).verify(token) instanceof Verification.Refused refused
                ? refused.reason()
                : null;
    }

    private TokenDraft draft(String kid, String alg) {
        return issuer.token().header("kid", kid).header("alg", alg);
    }

    private String token(String kid, String alg, SignatureAlgorithm by) throws Exception {
        PrivateKey signer = switch (by) {
            case ES256 -> ES.toPrivateKey();
            case EDDSA -> ED_PAIR.getPrivate();
            case PS256 -> (kid.equals("rs") ? RS : PS).toPrivateKey();
            default -> (kid.equals("ps") ? PS : RS).toPrivateKey();
        };
        return draft(kid, alg).signed(by, signer);
    }

    @Test
    void aTokenOfEachIsAcceptedByDefault() throws Exception {
        assertThat(outcome(token("rs", "RS256", SignatureAlgorithm.RS256))).isNull();
        assertThat(outcome(token("ps", "PS256", SignatureAlgorithm.PS256))).isNull();
        assertThat(outcome(token("es", "ES256", SignatureAlgorithm.ES256))).isNull();
        assertThat(outcome(token("ed", "EdDSA", SignatureAlgorithm.EDDSA))).isNull();
    }

    @Test
    void aKeyServesNoAlgorithmButItsOwn() throws Exception {
        Map<String, String> own = Map.of("rs", "RS256", "ps", "PS256", "es", "ES256", "ed", "EdDSA");
        for (String kid : own.keySet()) {
            for (SignatureAlgorithm by : List.of(
                    SignatureAlgorithm.RS256,
                    SignatureAlgorithm.PS256,
                    SignatureAlgorithm.ES256,
                    SignatureAlgorithm.EDDSA)) {
                String alg = by.jose().getName();
                if (!alg.equals(own.get(kid))) {
                    assertThat(outcome(token(kid, alg, by))).as(kid + " " + alg).isEqualTo(Refusal.ALGORITHM);
                    assertThat(outcome(token(kid, String.valueOf(own.get(kid)), by)))
                            .as(kid + " " + alg)
                            .isEqualTo(Refusal.SIGNATURE);
                }
            }
        }
    }

    @Test
    void noPublicKeyIsASharedSecret() throws Exception {
        for (String kid : List.of("rs", "ps", "es", "ed")) {
            for (String alg : List.of("HS256", "HS384", "HS512", "RS256", "PS256", "ES256", "EdDSA")) {
                String content = draft(kid, alg).content();
                for (byte[] secret : List.of(
                        RS.toRSAPublicKey().getEncoded(),
                        ES.toECPublicKey().getEncoded(),
                        ES.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8),
                        ED_PAIR.getPublic().getEncoded(),
                        TestKeys.eddsa("ed", ED_PAIR.getPublic()).getDecodedX())) {
                    assertThat(outcome(content + "." + hmac(secret, content)))
                            .isIn(Refusal.ALGORITHM, Refusal.SIGNATURE);
                }
            }
        }
    }

    private static Base64URL hmac(byte[] secret, String content) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return Base64URL.encode(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void aSignatureOfZeroesOrOfNothingIsRefused() {
        Map<String, String> algorithms = Map.of("rs", "RS256", "ps", "PS256", "es", "ES256", "ed", "EdDSA");
        algorithms.forEach((kid, alg) -> {
            String content = draft(kid, alg).content();
            for (int length : new int[] {0, 32, 64, 65, 128, 256, 257}) {
                assertThat(outcome(content + "." + Base64URL.encode(new byte[length])))
                        .isEqualTo(Refusal.SIGNATURE);
            }
        });
    }

    @Test
    void theAlgorithmsNameIsTakenLiterally() throws Exception {
        for (String alg : List.of("eddsa", "EDDSA", "Ed25519", "es256", "none", "ES256K", "RS1")) {
            assertThat(outcome(draft("ed", alg).signed(SignatureAlgorithm.EDDSA, ED_PAIR.getPrivate())))
                    .isIn(Refusal.ALGORITHM, Refusal.MALFORMED);
        }
    }
}
