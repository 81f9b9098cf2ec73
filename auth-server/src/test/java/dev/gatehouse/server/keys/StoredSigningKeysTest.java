package dev.gatehouse.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import dev.gatehouse.server.TestDatabase;
import dev.gatehouse.server.oauth.Issuer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class StoredSigningKeysTest {
    private static final Issuer ISSUER = new Issuer("https://id.example");

    private final JdbcClient jdbc = TestDatabase.create();

    private final SecureRandom random = new SecureRandom();

    @Test
    void theFirstStartMakesOneKeyAndTheNextUsesIt() {
        RSAKey first = start('a').active();

        assertThat(start('a').active().toJSONObject()).isEqualTo(first.toJSONObject());
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void issuersThatStartAtOnceMakeOneKey() throws Exception {
        CyclicBarrier together = new CyclicBarrier(4);
        List<Future<StoredSigningKeys>> starts = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                starts.add(threads.submit(() -> {
                    together.await();
                    return start('a');
                }));
            }
        }

        assertThat(rows()).isEqualTo(1);
        String kid =
                jdbc.sql("select kid from signing_keys").query(String.class).single();
        for (Future<StoredSigningKeys> started : starts) {
            assertThat(started.get().active().getKeyID()).isEqualTo(kid);
        }
    }

    @Test
    void theKeySignsWithRs256AndIsNamedByItsThumbprint() throws Exception {
        RSAKey key = start('a').active();

        assertThat(key.isPrivate()).isTrue();
        assertThat(key.size()).isEqualTo(2048);
        assertThat(key.getAlgorithm()).isEqualTo(JWSAlgorithm.RS256);
        assertThat(key.getKeyUse()).isEqualTo(KeyUse.SIGNATURE);
        assertThat(key.getKeyID()).isEqualTo(key.computeThumbprint().toString());
    }

    @Test
    void whatIsPublishedHasNoPrivatePart() {
        StoredSigningKeys keys = start('a');

        assertThat(keys.published().getKeys())
                .singleElement()
                .satisfies(key -> assertThat(key.isPrivate()).isFalse())
                .satisfies(key ->
                        assertThat(key.getKeyID()).isEqualTo(keys.active().getKeyID()));
        assertThat(keys.published().getKeys().getFirst().toJSONObject())
                .containsOnlyKeys("kty", "use", "kid", "alg", "n", "e");
    }

    @Test
    void theStoredBytesDoNotHoldThePrivateKeyInClear() throws Exception {
        RSAKey key = start('a').active();
        String stored = text(sealed());

        assertThat(stored).doesNotContain(text(key.toRSAPrivateKey().getEncoded()));
        assertThat(stored).doesNotContain(text(key.getPrivateExponent().decode()));
        assertThat(stored).doesNotContain(text(key.getFirstPrimeFactor().decode()));
        assertThat(stored).doesNotContain(text(key.getSecondPrimeFactor().decode()));
    }

    @Test
    void underAnotherMasterKeyTheStartFailsInOneLineThatNamesTheSetting() {
        start('a');

        assertThatThrownBy(() -> start('b'))
                .isInstanceOf(WrongMasterKey.class)
                .hasMessageStartingWith("gatehouse.keys.master-key: ")
                .hasMessageNotContaining("\n");
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void aStoredKeyThatWasTamperedWithStopsTheStart() {
        start('a');
        jdbc.sql("update signing_keys set sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40))")
                .update();

        assertThatThrownBy(() -> start('a')).isInstanceOf(WrongMasterKey.class);
    }

    @Test
    void aRetiredKeyCannotBeBroughtBackByWhoeverWritesToTheDatabase() {
        KeySeal seal = seal('a');
        RSAKey old = start('a').active();
        jdbc.sql("delete from signing_keys").update();
        insert(seal.seal(ISSUER.value(), KeyState.RETIRED, old));
        jdbc.sql("update signing_keys set state = 'active'").update();

        assertThatThrownBy(() -> start('a')).isInstanceOf(WrongMasterKey.class);
    }

    @Test
    void aKeyOfAnotherIssuerCannotBeMovedHere() {
        start('a');
        jdbc.sql("update signing_keys set issuer = 'https://other.example'").update();

        assertThatThrownBy(() -> new StoredSigningKeys(
                        new Issuer("https://other.example"), new SealedKeys(jdbc), seal('a'), random))
                .isInstanceOf(WrongMasterKey.class);
    }

    @Test
    void twoIssuersInOneDatabaseHaveKeysOfTheirOwn() {
        RSAKey ours = start('a').active();
        StoredSigningKeys theirs =
                new StoredSigningKeys(new Issuer("https://other.example"), new SealedKeys(jdbc), seal('a'), random);

        assertThat(theirs.active().getKeyID()).isNotEqualTo(ours.getKeyID());
        assertThat(theirs.published().getKeys()).hasSize(1);
    }

    @Test
    void aKeyThatIsAddedIsPublishedAfterTheNextReloadAndTheOldOneStillSigns() {
        StoredSigningKeys keys = start('a');
        String kid = keys.active().getKeyID();
        RSAKey next = anotherKey();
        insert(seal('a').seal(ISSUER.value(), KeyState.NEXT, next));

        keys.reload();

        assertThat(keys.active().getKeyID()).isEqualTo(kid);
        assertThat(keys.published().getKeys()).extracting("keyID").containsExactly(kid, next.getKeyID());
    }

    @Test
    void whatDoesNotOpenChangesNothingInARunningIssuer() {
        StoredSigningKeys keys = start('a');
        String kid = keys.active().getKeyID();
        insert(seal('b').seal(ISSUER.value(), KeyState.NEXT, anotherKey()));

        keys.reload();

        assertThat(keys.active().getKeyID()).isEqualTo(kid);
        assertThat(keys.published().getKeys()).hasSize(1);
    }

    @Test
    void keysComeFromMemoryWhileTheDatabaseIsAway() {
        StoredSigningKeys keys = start('a');
        String kid = keys.active().getKeyID();
        jdbc.sql("alter table signing_keys rename to away").update();

        keys.reload();

        assertThat(keys.active().getKeyID()).isEqualTo(kid);
        assertThat(keys.published().getKeyByKeyId(kid)).isNotNull();
    }

    private StoredSigningKeys start(char masterKey) {
        return new StoredSigningKeys(ISSUER, new SealedKeys(jdbc), seal(masterKey), random);
    }

    private KeySeal seal(char masterKey) {
        byte[] material = (masterKey + "0123456789abcdef0123456789abcde").getBytes(StandardCharsets.US_ASCII);
        return new KeySeal(new HkdfMasterKey(material), random);
    }

    private static RSAKey anotherKey() {
        return new StoredSigningKeysTest().start('c').active();
    }

    private void insert(SealedKey key) {
        jdbc.sql("insert into signing_keys (kid, issuer, state, sealed) values (:kid, :issuer, :state, :sealed)")
                .param("kid", key.kid())
                .param("issuer", key.issuer())
                .param("state", key.state().value())
                .param("sealed", key.sealed())
                .update();
    }

    private byte[] sealed() {
        return jdbc.sql("select sealed from signing_keys")
                .query((row, _) -> row.getBytes(1))
                .single();
    }

    private int rows() {
        return jdbc.sql("select count(*) from signing_keys")
                .query(Integer.class)
                .single();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
