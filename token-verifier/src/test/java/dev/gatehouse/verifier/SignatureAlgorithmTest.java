package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures of each algorithm, by the platform's own cryptography and by the native provider. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class SignatureAlgorithmTest {

    private static final Set<JWSAlgorithm> ALL = Arrays.stream(SignatureAlgorithm.values())
            .map(SignatureAlgorithm::jose)
            .collect(Collectors.toSet());
    private static final byte[] CONTENT = "a header and claims".getBytes(StandardCharsets.US_ASCII);
    private static final Map<SignatureAlgorithm, KeyPair> PAIRS = pairs();

    @Parameter
    boolean isNative;

    private static Map<SignatureAlgorithm, KeyPair> pairs() {
        Map<SignatureAlgorithm, KeyPair> pairs = new EnumMap<>(SignatureAlgorithm.class);
        try {
            KeyPair rsa = generator("RSA").generateKeyPair();
            for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
                pairs.put(
                        algorithm,
                        switch (algorithm) {
                            case ES256 -> curve("secp256r1");
                            case ES384 -> curve("secp384r1");
                            case ES512 -> curve("secp521r1");
                            case EDDSA -> generator("Ed25519").generateKeyPair();
                            default -> rsa;
                        });
            }
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
        return pairs;
    }

    private static KeyPairGenerator generator(String kind) throws GeneralSecurityException {
        return KeyPairGenerator.getInstance(kind);
    }

    private static KeyPair curve(String name) throws GeneralSecurityException {
        KeyPairGenerator generator = generator("EC");
        generator.initialize(new ECGenParameterSpec(name));
        return generator.generateKeyPair();
    }

    private static KeyPair pair(SignatureAlgorithm algorithm) {
        return Objects.requireNonNull(PAIRS.get(algorithm));
    }

    private static JWK jwk(SignatureAlgorithm algorithm, @Nullable Algorithm said) {
        KeyPair pair = pair(algorithm);
        if (pair.getPublic() instanceof RSAPublicKey rsa) {
            return new RSAKey.Builder(rsa).keyID("key").algorithm(said).build();
        }
        if (pair.getPublic() instanceof ECPublicKey ec) {
            return new ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec)
                    .keyID("key")
                    .algorithm(said)
                    .build();
        }
        return new OctetKeyPair.Builder(TestKeys.eddsa("key", pair.getPublic()))
                .algorithm(said)
                .build();
    }

    private SignatureProviders providers() {
        Provider provider = isNative ? NativeProvider.find() : null;
        assumeTrue(provider != null || !isNative);
        return new SignatureProviders(ALL, provider);
    }

    private @Nullable VerificationKey usable(JWK jwk) throws Exception {
        return VerificationKey.of(jwk, providers());
    }

    private VerificationKey key(SignatureAlgorithm algorithm) throws Exception {
        return Objects.requireNonNull(usable(jwk(algorithm, algorithm.jose())));
    }

    private static byte[] sign(SignatureAlgorithm algorithm) throws GeneralSecurityException {
        Signature signature = algorithm.signature(null);
        signature.initSign(pair(algorithm).getPrivate());
        signature.update(CONTENT);
        return signature.sign();
    }

    @ParameterizedTest
    @EnumSource
    void aGoodSignatureIsTakenAndNoOtherContentOrKeyGoesWithIt(SignatureAlgorithm algorithm) throws Exception {
        VerificationKey key = key(algorithm);
        byte[] good = sign(algorithm);
        assertThat(key.verifies(CONTENT, good)).isTrue();
        assertThat(key.verifies(Arrays.copyOf(CONTENT, CONTENT.length - 1), good))
                .isFalse();
        assertThat(key.verifies(new byte[0], good)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aBadSignatureIsRefusedWhateverItsForm(SignatureAlgorithm algorithm) throws Exception {
        VerificationKey key = key(algorithm);
        byte[] good = sign(algorithm);
        List<byte[]> bad = new ArrayList<>();
        for (int length : new int[] {0, 1, 63, 64, 65, 66, 96, 132, 255, 256, 257, good.length, 10_000}) {
            bad.add(new byte[length]);
            bad.add(filled(length, 0xff));
            bad.add(filled(length, 1));
        }
        bad.add(Arrays.copyOf(good, good.length - 1));
        bad.add(Arrays.copyOf(good, good.length + 1));
        bad.add(Arrays.copyOf(good, good.length + 2));
        bad.add(Arrays.copyOfRange(good, 1, good.length));
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            byte[] changed = good.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            bad.add(changed);
        }
        for (byte[] signature : bad) {
            assertThat(key.verifies(CONTENT, signature))
                    .as("%s", Arrays.toString(signature))
                    .isFalse();
        }
    }

    private static byte[] filled(int length, int with) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(names = {"ES256", "ES384", "ES512"})
    void bothNumbersOfASignatureAreInRange(SignatureAlgorithm algorithm) throws Exception {
        VerificationKey key = key(algorithm);
        byte[] good = sign(algorithm);
        int half = good.length / 2;
        BigInteger order =
                ((ECPublicKey) pair(algorithm).getPublic()).getParams().getOrder();
        BigInteger largest = BigInteger.ONE.shiftLeft(8 * half).subtract(BigInteger.ONE);
        BigInteger r = new BigInteger(1, good, 0, half);
        BigInteger s = new BigInteger(1, good, half, half);
        for (BigInteger out : List.of(BigInteger.ZERO, order, order.add(BigInteger.ONE), largest)) {
            for (byte[] pair : List.of(numbers(half, out, s), numbers(half, r, out), numbers(half, out, out))) {
                assertThat(algorithm.isWellFormed(pair)).isFalse();
                assertThat(key.verifies(CONTENT, pair)).isFalse();
            }
        }
        assertThat(algorithm.isWellFormed(numbers(half, r, s))).isTrue();
        assertThat(key.verifies(CONTENT, numbers(half + 1, r, s))).isFalse();
        assertThat(key.verifies(CONTENT, ECDSA.transcodeSignatureToDER(good))).isFalse();
    }

    private static byte[] numbers(int half, BigInteger r, BigInteger s) {
        byte[] bytes = new byte[2 * half];
        put(r, bytes, half);
        put(s, bytes, 2 * half);
        return bytes;
    }

    private static void put(BigInteger number, byte[] bytes, int end) {
        byte[] digits = number.toByteArray();
        for (int i = 0; i < Math.min(digits.length, bytes.length / 2); i++) {
            bytes[end - 1 - i] = digits[digits.length - 1 - i];
        }
    }

    @Test
    void aKeyServesTheOneAlgorithmThatItIsPublishedForIfItFits() throws Exception {
        for (SignatureAlgorithm of : SignatureAlgorithm.values()) {
            for (SignatureAlgorithm said : SignatureAlgorithm.values()) {
                VerificationKey key = usable(jwk(of, said.jose()));
                boolean fits = pair(of).equals(pair(said));
                assertThat(key != null).as("%s for %s", of, said).isEqualTo(fits);
                for (JWSAlgorithm wanted : ALL) {
                    assertThat(key != null && key.serves(wanted)).isEqualTo(fits && wanted.equals(said.jose()));
                }
            }
        }
    }

    @Test
    void aKeyThatDoesNotSayWhatItIsForIsForThePlainestOfItsKind() throws Exception {
        for (SignatureAlgorithm of : SignatureAlgorithm.values()) {
            VerificationKey key = usable(jwk(of, null));
            SignatureAlgorithm expected = switch (of) {
                case ES256 -> SignatureAlgorithm.ES256;
                case EDDSA -> SignatureAlgorithm.EDDSA;
                case ES384, ES512 -> null;
                default -> SignatureAlgorithm.RS256;
            };
            assertThat(key == null ? null : key.algorithm()).isEqualTo(expected);
        }
    }

    @Test
    void aKeyOfAnotherKindOrForAnotherPurposeIsNotUsed() throws Exception {
        Base64URL x = Base64URL.encode(new byte[32]);
        for (JWK other : List.of(
                new OctetSequenceKey.Builder(new byte[64])
                        .algorithm(JWSAlgorithm.HS256)
                        .build(),
                new OctetSequenceKey.Builder(new byte[64])
                        .algorithm(JWSAlgorithm.RS256)
                        .build(),
                new OctetSequenceKey.Builder(new byte[64]).build(),
                new OctetKeyPair.Builder(Curve.X25519, x)
                        .algorithm(JWSAlgorithm.EdDSA)
                        .build(),
                new OctetKeyPair.Builder(Curve.X25519, x).build(),
                new OctetKeyPair.Builder(Curve.Ed448, x)
                        .algorithm(JWSAlgorithm.EdDSA)
                        .build(),
                new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(new byte[31])).build(),
                new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(new byte[33])).build(),
                jwk(SignatureAlgorithm.RS256, JWSAlgorithm.HS256),
                jwk(SignatureAlgorithm.RS256, Algorithm.NONE),
                jwk(SignatureAlgorithm.ES256, JWSAlgorithm.ES256K),
                new RSAKey.Builder(Base64URL.encode(filled(128, 0xff)), Base64URL.from("AQAB")).build(),
                new RSAKey.Builder((RSAPublicKey) pair(SignatureAlgorithm.RS256).getPublic())
                        .keyUse(KeyUse.ENCRYPTION)
                        .build())) {
            assertThat(usable(other)).as(other.toString()).isNull();
        }
    }

    @Test
    void anAlgorithmThatIsNotAllowedHasNoKeys() throws Exception {
        SignatureProviders one = new SignatureProviders(Set.of(JWSAlgorithm.PS256), null);
        assertThat(VerificationKey.of(jwk(SignatureAlgorithm.RS256, JWSAlgorithm.RS256), one))
                .isNull();
        assertThat(VerificationKey.of(jwk(SignatureAlgorithm.RS256, null), one)).isNull();
        assertThat(VerificationKey.of(jwk(SignatureAlgorithm.RS256, JWSAlgorithm.PS256), one))
                .isNotNull();
    }
}
