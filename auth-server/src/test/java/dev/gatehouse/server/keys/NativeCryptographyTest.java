package dev.gatehouse.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.nimbusds.jose.jwk.JWK;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NativeCryptographyTest {
    private static final byte[] CONTENT = {1, 2, 3};

    private final NativeCryptography cryptography = NativeCryptography.find();

    private final SealedCustody custody = new SealedCustody(2048, new SecureRandom(), cryptography);

    @ParameterizedTest
    @EnumSource
    void whatTheNativeProviderSignsThePlatformVerifiesAndTheOtherWayRound(SigningAlgorithm algorithm) throws Exception {
        JWK pair = custody.generate(algorithm);
        byte[] signed = custody.open(pair, algorithm).sign(CONTENT);
        byte[] signedByThePlatform =
                new SigningKey(pair.getKeyID(), algorithm, KeyForms.privateKey(pair), null).sign(CONTENT);

        assertThat(verifies(pair, algorithm, null, signed)).isTrue();
        assertThat(verifies(pair, algorithm, cryptography.provider(algorithm), signed))
                .isTrue();
        assertThat(verifies(pair, algorithm, cryptography.provider(algorithm), signedByThePlatform))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"RS256", "PS256", "ES256"})
    void aKeyIsHeldInTheFormOfTheProviderThatSignsWithIt(SigningAlgorithm algorithm) throws Exception {
        JWK pair = custody.generate(algorithm);
        custody.open(pair, algorithm);
        assumeThat(cryptography.provider(algorithm)).isNotNull();
        Provider provider = Objects.requireNonNull(cryptography.provider(algorithm));

        PrivateKey held = NativeCryptography.inOwnForm(provider, algorithm, KeyForms.privateKey(pair));
        assertThat(held.getClass().getPackage()).isEqualTo(provider.getClass().getPackage());
        assertThat(NativeCryptography.inOwnForm(provider, algorithm, held)).isSameAs(held);
    }

    private static boolean verifies(JWK pair, SigningAlgorithm algorithm, @Nullable Provider provider, byte[] signed)
            throws Exception {
        return new PublishedKey(pair.toPublicJWK(), algorithm, KeyForms.publicKey(pair.toPublicJWK()), provider)
                .verifies(CONTENT, signed);
    }
}
