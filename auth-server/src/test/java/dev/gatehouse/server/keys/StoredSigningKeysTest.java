package dev.gatehouse.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoredSigningKeysTest {
    private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");

    private final KeyHouse house = new KeyHouse();

    @Test
    void theFirstStartMakesAKeyAndItsSuccessorAndTheNextStartUsesThem() {
        StoredSigningKeys first = house.replica();

        assertThat(first.all()).extracting(KeyStatus::state).containsExactly(KeyState.ACTIVE, KeyState.NEXT);
        assertThat(house.replica().all()).isEqualTo(first.all());
    }

    @Test
    void issuersThatStartAtOnceAgreeOnOneKey() throws Exception {
        for (int times = 0; times < 5; times++) {
            KeyHouse empty = new KeyHouse();
            List<StoredSigningKeys> started = atOnce(3, empty::replica);

            assertThat(started.stream().map(StoredSigningKeysTest::active).distinct())
                    .hasSize(1);
            assertThat(started.getFirst().all()).hasSize(2);
        }
    }

    @Test
    void replicasThatRotateAtOnceRotateOnce() throws Exception {
        List<StoredSigningKeys> replicas = atOnce(4, house::replica);
        house.pass(KeyHouse.PERIOD);

        inParallel(replicas, StoredSigningKeys::refresh);

        assertThat(replicas.stream().map(StoredSigningKeysTest::active).distinct())
                .hasSize(1);
        assertThat(replicas.getFirst().all())
                .extracting(KeyStatus::state)
                .containsExactly(KeyState.RETIRED, KeyState.ACTIVE, KeyState.NEXT);
    }

    @Test
    void theNextKeyWasPublishedLongBeforeItSignsAndTheOldOneIsStillPublishedAfterwards() {
        StoredSigningKeys keys = house.replica();
        String old = active(keys);
        String next = keys.all().getLast().kid();
        assertThat(published(keys)).containsExactly(old, next);

        house.pass(KeyHouse.PERIOD);
        keys.refresh();
        assertThat(active(keys)).isEqualTo(next);
        assertThat(published(keys)).contains(old, next);

        house.pass(Duration.ofMinutes(6));
        keys.refresh();
        assertThat(published(keys)).doesNotContain(old).contains(next);
    }

    @Test
    void aHintUnderAnOldKeyIsReadWhenTheKeyIsNoLongerPublished() {
        StoredSigningKeys keys = house.replica();
        String token = signer(keys).sign(SigningAlgorithm.ES256, JOSEObjectType.JWT, Map.of("sub", "alice"));
        house.pass(KeyHouse.PERIOD);
        keys.refresh();
        house.pass(Duration.ofDays(1));
        keys.refresh();

        assertThat(signer(keys).read(token, JOSEObjectType.JWT)).isPresent();
        assertThat(signer(keys).read(token, TYPE)).isEmpty();
    }

    @Test
    void aRotationOnDemandWaitsUntilEverybodyKnowsTheKey() {
        StoredSigningKeys keys = house.replica();
        String old = active(keys);

        assertThat(keys.rotate(SigningAlgorithm.ES256)).contains(house.now().plus(KeyHouse.LEAD));
        assertThat(active(keys)).isEqualTo(old);
        house.pass(KeyHouse.LEAD);
        keys.refresh();
        assertThat(active(keys)).isNotEqualTo(old);

        house.pass(Duration.ofDays(1));
        String second = active(keys);
        assertThat(keys.rotate(SigningAlgorithm.ES256)).contains(house.now());
        assertThat(active(keys)).isNotEqualTo(second);
        assertThat(keys.rotate(SigningAlgorithm.PS256)).isEmpty();
    }

    @Test
    void aCompromisedKeyIsGoneAtOnceForEveryReplicaAndItsSuccessorWasKnown() {
        StoredSigningKeys one = house.replica();
        StoredSigningKeys other = house.replica();
        String bad = active(one);
        String next = one.all().getLast().kid();
        String token = signer(one).sign(SigningAlgorithm.ES256, TYPE, Map.of("sub", "alice"));

        assertThat(one.compromise(bad)).isTrue();
        other.refresh();

        for (StoredSigningKeys keys : List.of(one, other)) {
            assertThat(active(keys)).isEqualTo(next);
            assertThat(published(keys)).doesNotContain(bad).hasSize(2);
            assertThat(keys.compromised()).containsExactly(bad);
            assertThat(signer(keys).read(token, TYPE)).isEmpty();
        }
        house.pass(Duration.ofMinutes(6));
        assertThat(one.compromised()).isEmpty();
    }

    @Test
    void aCompromiseMayBeRepeatedAndConcernsAnyKeyThatThereIs() throws Exception {
        StoredSigningKeys keys = house.replica();
        String bad = active(keys);
        String next = keys.all().getLast().kid();

        inParallel(List.of(keys, house.replica(), house.replica()), replica -> replica.compromise(bad));
        keys.refresh();
        assertThat(active(keys)).isEqualTo(next);
        assertThat(keys.all()).hasSize(3);

        String waiting = keys.all().getLast().kid();
        assertThat(keys.compromise(waiting)).isTrue();
        assertThat(active(keys)).isEqualTo(next);
        assertThat(published(keys)).contains(next).doesNotContain(waiting).hasSize(2);
        assertThat(keys.compromise("no-such-key")).isFalse();
    }

    @Test
    void whoeverListensHearsOfEachChangeOfWhatIsPublished() {
        StoredSigningKeys keys = house.replica();
        AtomicInteger changes = new AtomicInteger();
        keys.onChange(changes::incrementAndGet);
        keys.refresh();
        assertThat(changes).hasValue(0);

        house.pass(KeyHouse.PERIOD);
        keys.refresh();
        assertThat(changes).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(SigningAlgorithm.class)
    void eachAlgorithmSignsWhatOthersVerifyAndOnlyByItself(SigningAlgorithm algorithm) throws Exception {
        StoredSigningKeys keys = house.replica(KeyHouse.masterKey('a'), SigningAlgorithm.values());
        String token = signer(keys).sign(algorithm, TYPE, Map.of("sub", "alice"));
        JWSObject jws = JWSObject.parse(token);
        JWK key = keys.published().getKeyByKeyId(jws.getHeader().getKeyID());

        assertThat(jws.getHeader().getAlgorithm().getName()).isEqualTo(algorithm.value());
        assertThat(jws.getHeader().getType()).isEqualTo(TYPE);
        assertThat(key.getAlgorithm().getName()).isEqualTo(algorithm.value());
        assertThat(key.getKeyID()).isEqualTo(key.computeThumbprint().toString());
        assertThat(key.isPrivate()).isFalse();
        assertThat(verifiedByTheLibrary(jws, key)).isTrue();
        assertThat(signer(keys).read(token, TYPE)).isPresent();
        assertThat(signer(keys).read(token.substring(0, token.length() - 6) + "AAAAAA", TYPE))
                .isEmpty();
        for (SigningAlgorithm other : SigningAlgorithm.values()) {
            if (other != algorithm) {
                String header = Base64URL.encode("{\"alg\":\"%s\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}"
                                .formatted(other.value(), key.getKeyID()))
                        .toString();
                assertThat(signer(keys).read(header + token.substring(token.indexOf('.')), TYPE))
                        .isEmpty();
            }
        }
    }

    private static boolean verifiedByTheLibrary(JWSObject jws, JWK key) throws Exception {
        return switch (key.getKeyType().getValue()) {
            case "RSA" -> jws.verify(new RSASSAVerifier(key.toRSAKey()));
            case "EC" -> jws.verify(new ECDSAVerifier(key.toECKey()));
            default -> {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initVerify(KeyForms.publicKey(key));
                signature.update(jws.getSigningInput());
                yield signature.verify(jws.getSignature().decode());
            }
        };
    }

    @Test
    void severalAlgorithmsHaveKeysOfTheirOwnSideBySide() {
        StoredSigningKeys keys = house.replica(KeyHouse.masterKey('a'), SigningAlgorithm.values());

        assertThat(keys.all().stream().filter(key -> key.state() == KeyState.ACTIVE))
                .extracting(KeyStatus::algorithm)
                .containsExactlyInAnyOrder(SigningAlgorithm.values());
        assertThat(keys.published().getKeys()).hasSize(8);
    }

    @Test
    void theDatabaseHoldsNoPrivateKeyInClearAndNoneAtAllOfAKeyThatSignsNoMore() throws Exception {
        StoredSigningKeys keys = house.replica(KeyHouse.masterKey('a'), SigningAlgorithm.values());
        Seal seal = new Seal(KeyHouse.masterKey('a'), new SecureRandom());
        KeyVault vault = new KeyVault(
                KeyHouse.ISSUER, seal, new SealedCustody(2048, new SecureRandom(), NativeCryptography.none()));
        KeyTable table = new KeyTable(house.jdbc(), KeyHouse.ISSUER);
        String dump = house.dump("signing_keys");
        for (StoredKey stored : table.all()) {
            JWK opened = vault.open(stored);
            assertThat(opened.isPrivate()).isTrue();
            byte[] encoded = KeyForms.privateKey(opened).getEncoded();
            assertThat(dump).doesNotContain(HexFormat.of().formatHex(encoded));
            for (Object member : opened.toJSONObject().values()) {
                String hex = HexFormat.of().formatHex(String.valueOf(member).getBytes(StandardCharsets.UTF_8));
                assertThat(hex.length() < 20 || !dump.contains(hex)).isTrue();
            }
        }

        house.pass(KeyHouse.PERIOD);
        keys.refresh();
        assertThat(table.all().stream().filter(key -> key.is(KeyState.RETIRED)))
                .hasSize(4)
                .allSatisfy(key -> assertThat(vault.open(key).isPrivate()).isFalse());
    }

    @Test
    void underAnotherMasterKeyTheStartFailsInOneLineThatNamesTheSetting() {
        StoredSigningKeys keys = house.replica();

        assertThatThrownBy(() -> house.replica(KeyHouse.masterKey('b')))
                .isInstanceOf(WrongMasterKey.class)
                .hasMessageStartingWith("gatehouse.keys.master-key: ")
                .hasMessageNotContaining("\n");
        assertThat(house.replica().all()).isEqualTo(keys.all());
    }

    @Test
    void aNewMasterKeySealsEverythingAnewWhileTheOldOneIsStillThere() {
        StoredSigningKeys running = house.replica();
        byte[] before = StoredServerSecret.open(house.jdbc(), seal(KeyHouse.masterKey('a')), random())
                .macKey("a purpose")
                .getEncoded();
        MasterKeys changing = new MasterKeys(KeyHouse.master(2, 'b'), List.of(KeyHouse.master(1, 'a')));
        MasterKeys changed = new MasterKeys(KeyHouse.master(2, 'b'), List.of());

        house.replica(changing);
        StoredServerSecret.open(house.jdbc(), seal(changing), random());

        assertThat(house.replica(changed).all()).isEqualTo(running.all());
        assertThat(StoredServerSecret.open(house.jdbc(), seal(changed), random())
                        .macKey("a purpose")
                        .getEncoded())
                .isEqualTo(before);
        assertThatThrownBy(house::replica).isInstanceOf(WrongMasterKey.class);
        running.refresh();
        assertThat(signer(running).sign(SigningAlgorithm.ES256, TYPE, Map.of())).isNotEmpty();
    }

    @Test
    void replicasWithTheOldAndTheNewMasterKeyInFrontDoNotSealInTurns() {
        MasterKeys prepared = new MasterKeys(KeyHouse.master(1, 'a'), List.of(KeyHouse.master(2, 'b')));
        MasterKeys changing = new MasterKeys(KeyHouse.master(2, 'b'), List.of(KeyHouse.master(1, 'a')));
        StoredSigningKeys old = house.replica(prepared);
        StoredSigningKeys fresh = house.replica(changing);
        String sealed = house.dump("signing_keys");

        old.refresh();
        fresh.refresh();

        assertThat(house.dump("signing_keys")).isEqualTo(sealed);
        house.pass(KeyHouse.PERIOD);
        old.refresh();
        fresh.refresh();
        assertThat(old.all()).isEqualTo(fresh.all());
    }

    @Test
    void aStoredKeyThatWasTamperedWithStopsTheStartAndChangesNothingInARunningIssuer() {
        StoredSigningKeys running = house.replica();
        List<KeyStatus> before = running.all();
        house.jdbc()
                .sql("update signing_keys set sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40))")
                .update();

        assertThatThrownBy(house::replica).isInstanceOf(WrongMasterKey.class);
        house.pass(KeyHouse.PERIOD);
        running.refresh();
        assertThat(running.all()).isEqualTo(before);
    }

    @Test
    void whoWritesToTheDatabaseCanNeitherBringBackAKeyNorMoveOneHere() {
        house.replica();
        house.pass(KeyHouse.PERIOD);
        house.replica();
        house.jdbc().sql("delete from signing_keys where state <> 'retired'").update();
        house.jdbc()
                .sql("update signing_keys set state = 'active', retired_at = null")
                .update();
        assertThatThrownBy(house::replica).isInstanceOf(WrongMasterKey.class);

        KeyHouse another = new KeyHouse();
        another.replica();
        another.jdbc()
                .sql("update signing_keys set issuer = 'https://other.example'")
                .update();
        assertThatThrownBy(() -> another.replica("https://other.example", KeyHouse.masterKey('a')))
                .isInstanceOf(WrongMasterKey.class);
    }

    @Test
    void twoIssuersInOneDatabaseHaveKeysOfTheirOwn() {
        StoredSigningKeys ours = house.replica();
        StoredSigningKeys theirs = house.replica("https://other.example", KeyHouse.masterKey('a'));

        assertThat(published(theirs)).hasSize(2).doesNotContainAnyElementsOf(published(ours));
        ours.refresh();
        assertThat(published(ours)).hasSize(2);
    }

    @Test
    void keysComeFromMemoryWhileTheDatabaseIsAwayAndAreFollowedAgainAfterwards() {
        StoredSigningKeys keys = house.replica();
        String kid = active(keys);
        house.jdbc().sql("alter table signing_keys rename to away").update();
        house.pass(KeyHouse.PERIOD);
        keys.refresh();
        assertThat(active(keys)).isEqualTo(kid);

        house.jdbc().sql("alter table away rename to signing_keys").update();
        keys.refresh();
        assertThat(active(keys)).isNotEqualTo(kid);
    }

    private static String active(StoredSigningKeys keys) {
        return keys.all().stream()
                .filter(key -> key.state() == KeyState.ACTIVE)
                .map(KeyStatus::kid)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> published(StoredSigningKeys keys) {
        return keys.published().getKeys().stream().map(JWK::getKeyID).toList();
    }

    private static TokenSigner signer(StoredSigningKeys keys) {
        return new RingSigner(keys::ring, List.of(SigningAlgorithm.ES256));
    }

    private static Seal seal(MasterKeys masterKeys) {
        return new Seal(masterKeys, random());
    }

    private static SecureRandom random() {
        return new SecureRandom();
    }

    private interface Start {
        StoredSigningKeys start();
    }

    private static List<StoredSigningKeys> atOnce(int count, Start start) throws Exception {
        CyclicBarrier together = new CyclicBarrier(count);
        List<Future<StoredSigningKeys>> starts = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            for (int i = 0; i < count; i++) {
                starts.add(threads.submit(() -> {
                    together.await();
                    return start.start();
                }));
            }
        }
        List<StoredSigningKeys> started = new ArrayList<>();
        for (Future<StoredSigningKeys> one : starts) {
            started.add(one.get());
        }
        return started;
    }

    private interface Use {
        void use(StoredSigningKeys keys);
    }

    private static void inParallel(List<StoredSigningKeys> replicas, Use use) throws Exception {
        CyclicBarrier together = new CyclicBarrier(replicas.size());
        List<Future<?>> uses = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(replicas.size())) {
            for (StoredSigningKeys keys : replicas) {
                uses.add(threads.submit(() -> {
                    together.await();
                    use.use(keys);
                    return null;
                }));
            }
        }
        for (Future<?> one : uses) {
            one.get();
        }
        replicas.forEach(StoredSigningKeys::refresh);
    }
}
