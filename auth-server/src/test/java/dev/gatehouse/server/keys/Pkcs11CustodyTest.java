package dev.gatehouse.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWK;
import dev.gatehouse.server.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Keys in a real SoftHSM. */
class Pkcs11CustodyTest {
    private static final byte[] CONTENT = "what is signed".getBytes(StandardCharsets.US_ASCII);

    private final SoftHsm hsm = SoftHsm.start();

    private final Pkcs11Custody custody = hsm.custody();

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "EDDSA")
    void aKeyMadeInTheDeviceSignsForEveryReplicaWhatThePlatformVerifies(SigningAlgorithm algorithm) throws Exception {
        Pkcs11Custody before = hsm.custody();
        JWK key = custody.generate(algorithm);

        assertThat(custody.supports(algorithm)).isTrue();
        assertThat(key.isPrivate()).isFalse();
        assertThat(key.getKeyID()).isEqualTo(key.computeThumbprint().toString());
        assertThat(key.getAlgorithm().getName()).isEqualTo(algorithm.value());
        assertThat(key.size()).isEqualTo(algorithm == SigningAlgorithm.ES256 ? 256 : 2048);
        for (Pkcs11Custody replica : new Pkcs11Custody[] {custody, before, hsm.custody()}) {
            SigningKey signing = replica.open(key, algorithm);
            assertThat(verifies(algorithm, key, signing.sign(CONTENT))).isTrue();
            assertThat(signing.provider()).startsWith("SunPKCS11-gatehouse ");
        }
        assertThat(verifies(
                        algorithm,
                        custody.generate(algorithm),
                        custody.open(key, algorithm).sign(CONTENT)))
                .isFalse();
    }

    private static boolean verifies(SigningAlgorithm algorithm, JWK key, byte[] signed) throws Exception {
        Signature verification = algorithm.signature(null);
        assertThat(verification.getProvider().getName()).doesNotContain("PKCS11");
        verification.initVerify(KeyForms.publicKey(key));
        verification.update(CONTENT);
        return verification.verify(signed);
    }

    @ParameterizedTest
    @EnumSource(names = {"RS256", "ES256"})
    void thePrivateHalfCannotBeHadFromTheDevice(SigningAlgorithm algorithm) throws Exception {
        PrivateKey key = Objects.requireNonNull(
                hsm.device().get(custody.generate(algorithm).getKeyID()));

        assertThat(key.getEncoded()).isNull();
        assertThat(key.toString()).contains("token object", "sensitive", "unextractable");
    }

    @Test
    void nobodyElseSignsOrVerifiesByTheDevice() {
        assertThat(Security.getProviders()).extracting(Provider::getName).doesNotContain("SunPKCS11-gatehouse");
    }

    @Test
    void theSizeOfRsaKeysIsWhatIsConfigured() throws Exception {
        Pkcs11Custody large = new Pkcs11Custody(hsm.settings(), 3072);

        assertThat(large.generate(SigningAlgorithm.RS256).size()).isEqualTo(3072);
    }

    @Test
    void aDestroyedKeyIsGoneForEveryReplicaAndMayBeDestroyedAgain() throws Exception {
        Pkcs11Custody other = hsm.custody();
        JWK key = custody.generate(SigningAlgorithm.ES256);
        SigningKey signing = other.open(key, SigningAlgorithm.ES256);

        custody.destroy(key.getKeyID());
        custody.destroy(key.getKeyID());
        other.destroy(key.getKeyID());

        assertThat(hsm.device().get(key.getKeyID())).isNull();
        for (Pkcs11Custody replica : new Pkcs11Custody[] {custody, other, hsm.custody()}) {
            assertThatThrownBy(() -> replica.open(key, SigningAlgorithm.ES256))
                    .isInstanceOf(UnusableDeviceException.class)
                    .hasMessage("gatehouse.keys.pkcs11: signing key " + key.getKeyID()
                            + " cannot be used: the device does not have it");
        }
        assertThatThrownBy(() -> signing.sign(CONTENT)).isInstanceOf(Exception.class);
    }

    @Test
    void aKeyThatStandsUnderAnothersNameIsNotTaken() throws Exception {
        JWK key = custody.generate(SigningAlgorithm.ES256);
        custody.destroy(key.getKeyID());
        Pkcs11Device device = hsm.device();
        device.put(key.getKeyID(), device.generator("EC").generateKeyPair());

        assertThatThrownBy(() -> custody.open(key, SigningAlgorithm.ES256))
                .isInstanceOf(UnusableDeviceException.class)
                .hasMessageContaining("cannot be used");
    }

    @Test
    void ed25519IsNotSupported() {
        assertThat(custody.supports(SigningAlgorithm.EDDSA)).isFalse();
        assertThat(Arrays.stream(SigningAlgorithm.values()).filter(custody::supports))
                .containsExactlyElementsOf(Pkcs11Custody.ALGORITHMS);
    }

    @Test
    void aWrongPinIsOneLineThatNamesItsSettingAndNotThePin(@TempDir Path folder) throws Exception {
        refused(
                "gatehouse.keys.pkcs11.pin: the device refuses it: CKR_PIN_INCORRECT",
                settings(hsm.library(), hsm.untouchedSlot(), new Secret("sesame-pass"), null));
        Path file = Files.writeString(folder.resolve("pin"), "sesame-pass\n");
        refused(
                "gatehouse.keys.pkcs11.pin-file: the device refuses it: CKR_PIN_INCORRECT",
                settings(hsm.library(), hsm.untouchedSlot(), null, file));
        refused("gatehouse.keys.pkcs11.pin: ", settings(hsm.library(), hsm.untouchedSlot(), new Secret("1"), null));
    }

    @Test
    void whatIsNoLibraryOrNoSlotIsOneLineToo(@TempDir Path folder) throws Exception {
        Path text = Files.writeString(folder.resolve("a b#=c.so"), "no library");
        refused(
                "gatehouse.keys.pkcs11.library: no device is to be had from " + text + ": ",
                settings(text, null, new Secret(SoftHsm.PIN), null));
        refused(
                "gatehouse.keys.pkcs11.library: no device is to be had from " + hsm.library() + ": slotListIndex is 99",
                new KeysProperties.Pkcs11(hsm.library(), 99, null, new Secret(SoftHsm.PIN), null, true));
        refused(
                "gatehouse.keys.pkcs11.library: no device is to be had from " + hsm.library() + ": CKR_SLOT_ID_INVALID",
                settings(hsm.library(), 12345, new Secret(SoftHsm.PIN), null));
    }

    @Test
    void theFirstSlotIsTakenUnlessAnotherOneIsNamed(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("pin"), SoftHsm.PIN + "\n");
        Pkcs11Custody first = new Pkcs11Custody(settings(hsm.library(), null, null, file), 2048);
        JWK key = first.generate(SigningAlgorithm.ES256);

        assertThat(verifies(
                        SigningAlgorithm.ES256,
                        key,
                        first.open(key, SigningAlgorithm.ES256).sign(CONTENT)))
                .isTrue();
    }

    private static KeysProperties.Pkcs11 settings(
            Path library, @Nullable Integer slot, @Nullable Secret pin, @Nullable Path pinFile) {
        return new KeysProperties.Pkcs11(library, null, slot, pin, pinFile, true);
    }

    private static void refused(String message, KeysProperties.Pkcs11 settings) {
        assertThatThrownBy(() -> Pkcs11Device.connect(settings))
                .isInstanceOf(UnusableDeviceException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("\n")
                .hasMessageNotContaining("sesame-pass");
    }
}
