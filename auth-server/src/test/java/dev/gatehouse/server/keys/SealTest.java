package dev.gatehouse.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.server.keys.Seal.BrokenSealException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

class SealTest {
    private static final byte[] SECRET = "what nobody may read".getBytes(StandardCharsets.US_ASCII);

    private final Seal first = seal(master(1, 'a'));

    @Test
    void whatWasSealedOpensForTheSamePurpose() throws BrokenSealException {
        byte[] sealed = first.seal("one thing", SECRET);

        assertThat(first.open("one thing", sealed)).isEqualTo(SECRET);
        assertThat(text(sealed)).doesNotContain(text(SECRET));
        assertThat(first.seal("one thing", SECRET)).isNotEqualTo(sealed);
    }

    @Test
    void itDoesNotOpenForAnotherPurposeOrWithOneBitChanged() {
        byte[] sealed = first.seal("one thing", SECRET);

        assertThatThrownBy(() -> first.open("another thing", sealed)).isInstanceOf(BrokenSealException.class);
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> first.open("one thing", changed)).isInstanceOf(BrokenSealException.class);
        }
        assertThatThrownBy(() -> first.open("one thing", new byte[5])).isInstanceOf(BrokenSealException.class);
    }

    @Test
    void anotherMasterKeyOfTheSameVersionDoesNotOpenIt() {
        byte[] sealed = first.seal("one thing", SECRET);

        assertThatThrownBy(() -> seal(master(1, 'b')).open("one thing", sealed))
                .hasMessageContaining("under another master key");
    }

    @Test
    void aNewVersionOpensWhatTheOldOneSealedAndKnowsThatItIsOutdated() throws BrokenSealException {
        Seal both = seal(master(2, 'b'), master(1, 'a'));
        byte[] old = first.seal("one thing", SECRET);
        byte[] anew = both.seal("one thing", both.open("one thing", old));

        assertThat(both.isOutdated(old)).isTrue();
        assertThat(both.isOutdated(anew)).isFalse();
        assertThat(seal(master(2, 'b')).open("one thing", anew)).isEqualTo(SECRET);
        assertThatThrownBy(() -> seal(master(2, 'b')).open("one thing", old)).hasMessageContaining("version 1");
    }

    @Test
    void whoStillSealsWithTheOldVersionLeavesWhatTheNewOneSealed() throws BrokenSealException {
        Seal prepared = seal(master(1, 'a'), master(2, 'b'));
        byte[] anew = seal(master(2, 'b')).seal("one thing", SECRET);

        assertThat(prepared.open("one thing", anew)).isEqualTo(SECRET);
        assertThat(prepared.isOutdated(anew)).isFalse();
    }

    @Test
    void twoMasterKeysOfOneVersionAreRefused() {
        assertThatThrownBy(() -> seal(master(1, 'a'), master(1, 'b')))
                .hasMessageStartingWith("gatehouse.keys.other-master-keys: ");
    }

    @Test
    void aMasterKeysTextDoesNotShowIt() {
        assertThat(master(3, 'a').toString()).isEqualTo("master key 3");
    }

    private static Seal seal(MasterKey current, MasterKey... others) {
        return new Seal(new MasterKeys(current, List.of(others)), new SecureRandom());
    }

    private static MasterKey master(int version, char first) {
        return new MasterKey(version, (first + "0123456789abcdef0123456789abcde").getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
