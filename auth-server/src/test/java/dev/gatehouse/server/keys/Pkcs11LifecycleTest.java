package dev.gatehouse.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of keys that a real SoftHSM keeps and a real PostgreSQL knows. */
class Pkcs11LifecycleTest {
    private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");

    private final SoftHsm hsm = SoftHsm.start();

    private final KeyHouse house = new KeyHouse();

    @TempDir
    private Path folder;

    @Test
    void keysMoveIntoTheDeviceAndBackByRotationAndEveryTokenIsVerifiedAllAlong() throws Exception {
        StoredSigningKeys before = house.replica(List.of(house.sealed()), SigningAlgorithm.ES256);
        assertThat(custodies(before)).containsExactly("sealed", "sealed");
        String token = token(before);

        StoredSigningKeys inside = house.replica(List.of(hsm.custody(), house.sealed()));
        assertThat(inside.all()).isEqualTo(before.all());
        token = verifiedAfterRotation(inside, token);
        assertThat(custodies(inside)).containsExactly("sealed", "sealed", "pkcs11");
        token = verifiedAfterRotation(inside, token);
        assertThat(custody(inside, KeyState.ACTIVE)).isEqualTo("pkcs11");

        StoredSigningKeys back = house.replica(List.of(house.sealed(), hsm.custody()));
        assertThat(back.all()).isEqualTo(inside.all());
        token = verifiedAfterRotation(back, token);
        assertThat(custody(back, KeyState.ACTIVE)).isEqualTo("pkcs11");
        token = verifiedAfterRotation(back, token);
        assertThat(custody(back, KeyState.ACTIVE)).isEqualTo("sealed");

        house.pass(Duration.ofMinutes(1));
        back.refresh();
        StoredSigningKeys without = house.replica(List.of(house.sealed()));
        assertThat(without.all()).isEqualTo(back.all());
        assertThat(signer(without).read(token, TYPE)).isPresent();
    }

    /** A rotation, and a token under the key that signs now, once it and the one before it are good. */
    private String verifiedAfterRotation(StoredSigningKeys keys, String before) throws Exception {
        String old = active(keys);
        house.pass(KeyHouse.PERIOD);
        keys.refresh();
        assertThat(active(keys)).isNotEqualTo(old);
        String after = token(keys);
        for (String token : List.of(before, after)) {
            JWSObject jws = JWSObject.parse(token);
            JWK key = keys.published().getKeyByKeyId(jws.getHeader().getKeyID());
            assertThat(jws.verify(new ECDSAVerifier(key.toECKey()))).isTrue();
            assertThat(signer(keys).read(token, TYPE)).isPresent();
        }
        return after;
    }

    @Test
    void theDatabaseHoldsNoPrivateHalfOfAKeyInTheDevice() throws Exception {
        Seal seal = new Seal(KeyHouse.masterKey('a'), new SecureRandom());
        house.replica(List.of(hsm.custody()), SigningAlgorithm.RS256, SigningAlgorithm.PS256, SigningAlgorithm.ES256);
        KeyVault vault = new KeyVault(KeyHouse.ISSUER, seal, hsm.custody());
        List<StoredKey> stored = new KeyTable(house.jdbc(), KeyHouse.ISSUER).all();

        assertThat(stored).hasSize(6);
        for (StoredKey key : stored) {
            assertThat(key.custody()).isEqualTo("pkcs11");
            assertThat(vault.open(key).isPrivate()).isFalse();
            assertThat(Objects.requireNonNull(hsm.device().get(key.kid())).getEncoded())
                    .isNull();
        }
    }

    @Test
    void aRetiredKeySignsForAReplicaThatHasNotHeardAndIsThenDestroyedByWhoeverIsThere() throws Exception {
        StoredSigningKeys one = house.replica(List.of(hsm.custody()));
        StoredSigningKeys other = house.replica(List.of(hsm.custody()));
        String old = active(one);
        house.pass(KeyHouse.PERIOD);

        one.refresh();
        assertThat(active(one)).isNotEqualTo(old);
        assertThat(kid(token(other))).isEqualTo(old);
        assertThat(hsm.device().get(old)).isNotNull();

        house.pass(Duration.ofSeconds(31));
        other.refresh();
        assertThat(hsm.device().get(old)).isNull();
        one.refresh();
        assertThat(kid(token(one))).isEqualTo(active(other));
    }

    @Test
    void aCompromisedKeyIsDestroyedToo() throws Exception {
        StoredSigningKeys keys = house.replica(List.of(hsm.custody()));
        String bad = active(keys);
        String next = keys.all().getLast().kid();

        keys.compromise(bad);
        house.pass(Duration.ofSeconds(31));
        keys.refresh();

        assertThat(hsm.device().get(bad)).isNull();
        assertThat(kid(token(keys))).isEqualTo(next);
    }

    @Test
    void aKeyThatCouldNotBeDestroyedIsDestroyedLater() throws Exception {
        AwayAtFirst custody = new AwayAtFirst(hsm.custody());
        StoredSigningKeys keys = house.replica(List.of(custody));
        String old = active(keys);
        house.pass(KeyHouse.PERIOD);
        keys.refresh();
        house.pass(Duration.ofSeconds(31));

        keys.refresh();
        assertThat(hsm.device().get(old)).isNotNull();
        keys.refresh();
        assertThat(hsm.device().get(old)).isNull();
        keys.refresh();
        assertThat(custody.asked).isEqualTo(2);
    }

    /** A device that is out of reach when it is to destroy a key for the first time. */
    private static final class AwayAtFirst implements KeyCustody {
        private final KeyCustody device;

        private int asked;

        AwayAtFirst(KeyCustody device) {
            this.device = device;
        }

        @Override
        public String name() {
            return device.name();
        }

        @Override
        public boolean supports(SigningAlgorithm algorithm) {
            return device.supports(algorithm);
        }

        @Override
        public JWK generate(SigningAlgorithm algorithm) throws GeneralSecurityException {
            return device.generate(algorithm);
        }

        @Override
        public SigningKey open(JWK stored, SigningAlgorithm algorithm) throws GeneralSecurityException {
            return device.open(stored, algorithm);
        }

        @Override
        public void destroy(String kid) throws GeneralSecurityException {
            asked++;
            if (asked == 1) {
                throw new UnusableDeviceException("gatehouse.keys.pkcs11: away");
            }
            device.destroy(kid);
        }
    }

    @Test
    void aDeviceThatHasForgottenTheLoginIsLoggedInToAgain() throws Exception {
        StoredSigningKeys keys = house.replica(List.of(hsm.custody()));
        TokenSigner signer = signer(keys);
        assertThat(signer.signs(SigningAlgorithm.ES256)).isTrue();

        ((AuthProvider) hsm.device().provider()).logout();
        assertThatThrownBy(() -> token(keys)).isInstanceOf(IllegalStateException.class);
        assertThat(signer.signs(SigningAlgorithm.ES256)).isFalse();

        keys.refresh();
        keys.refresh();
        assertThat(signer.signs(SigningAlgorithm.ES256)).isTrue();
        assertThat(signer.read(token(keys), TYPE)).isPresent();
    }

    @Test
    void aPinThatTheDeviceHasRefusedIsNotTriedAgain() throws Exception {
        Path pin = Files.writeString(folder.resolve("pin"), SoftHsm.PIN);
        KeysProperties.Pkcs11 settings = new KeysProperties.Pkcs11(hsm.library(), null, hsm.slot(), null, pin, true);
        Pkcs11Custody custody = new Pkcs11Custody(settings, 2048);
        JWK key = custody.generate(SigningAlgorithm.ES256);
        ((AuthProvider) hsm.device().provider()).logout();
        assertThatThrownBy(() -> custody.open(key, SigningAlgorithm.ES256)).isNotNull();

        Files.writeString(pin, "sesame-pass");
        assertThatThrownBy(() -> custody.open(key, SigningAlgorithm.ES256)).hasMessageContaining("CKR_PIN_INCORRECT");
        Files.writeString(pin, SoftHsm.PIN);
        assertThatThrownBy(() -> custody.open(key, SigningAlgorithm.ES256)).hasMessageContaining("CKR_PIN_INCORRECT");
        assertThat(hsm.custody().open(key, SigningAlgorithm.ES256).sign(new byte[1]))
                .hasSize(64);
    }

    @Test
    void replicasThatStartAndRotateAtOnceAgree() throws Exception {
        Callable<StoredSigningKeys> start = () -> house.replica(List.of(hsm.custody()));
        List<StoredSigningKeys> replicas = atOnce(List.of(start, start, start));
        for (int times = 0; times < 3; times++) {
            house.pass(KeyHouse.PERIOD);
            atOnce(replicas.stream().map(Pkcs11LifecycleTest::refreshing).toList());
            replicas.forEach(StoredSigningKeys::refresh);

            assertThat(replicas.stream().map(Pkcs11LifecycleTest::active).distinct())
                    .hasSize(1);
            for (StoredSigningKeys replica : replicas) {
                assertThat(signer(replica).read(token(replica), TYPE)).isPresent();
            }
        }
    }

    private static Callable<StoredSigningKeys> refreshing(StoredSigningKeys keys) {
        return () -> {
            keys.refresh();
            return keys;
        };
    }

    private static List<StoredSigningKeys> atOnce(List<Callable<StoredSigningKeys>> uses) throws Exception {
        CyclicBarrier together = new CyclicBarrier(uses.size());
        List<Callable<StoredSigningKeys>> waiting = new ArrayList<>();
        uses.forEach(use -> waiting.add(() -> {
            together.await();
            return use.call();
        }));
        List<StoredSigningKeys> done = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(uses.size())) {
            for (Future<StoredSigningKeys> one : threads.invokeAll(waiting)) {
                done.add(one.get());
            }
        }
        return done;
    }

    @Test
    void withoutTheDeviceOrItsKeyTheStartFailsInOneLine() throws Exception {
        String kid = active(house.replica(List.of(hsm.custody(), house.sealed())));

        assertThatThrownBy(() -> house.replica(List.of(house.sealed())))
                .hasMessage("gatehouse.keys: signing key " + kid + " is kept by pkcs11, which is not configured");
        hsm.device().remove(kid);
        assertThatThrownBy(() -> house.replica(List.of(hsm.custody(), house.sealed())))
                .rootCause()
                .hasMessage("the device does not have it");
    }

    private static List<String> custodies(StoredSigningKeys keys) {
        return keys.all().stream().map(KeyStatus::custody).toList();
    }

    private static String custody(StoredSigningKeys keys, KeyState state) {
        return keys.all().stream()
                .filter(key -> key.state() == state)
                .map(KeyStatus::custody)
                .findFirst()
                .orElseThrow();
    }

    private static String active(StoredSigningKeys keys) {
        return keys.all().stream()
                .filter(key -> key.state() == KeyState.ACTIVE)
                .map(KeyStatus::kid)
                .findFirst()
                .orElseThrow();
    }

    private static String token(StoredSigningKeys keys) {
        return signer(keys).sign(SigningAlgorithm.ES256, TYPE, Map.of("sub", "alice"));
    }

    private static String kid(String token) throws Exception {
        return JWSObject.parse(token).getHeader().getKeyID();
    }

    private static TokenSigner signer(StoredSigningKeys keys) {
        return new RingSigner(keys::ring, List.of(SigningAlgorithm.ES256));
    }
}
