package dev.gatehouse.server.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SuccessorSealTest {
    private static final String GRANT = "AAAAAAAAAAAAAAAAAAAAAA";

    private final SecureRandom random = new SecureRandom();

    private final SuccessorSeal seal = new SuccessorSeal(random);

    private final byte[] predecessor = bytes();

    private final byte[] successor = bytes();

    private final String sealed = seal.seal(new RefreshToken(GRANT, 7, predecessor), successor);

    private byte[] bytes() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }

    private void assertDoesNotOpen(RefreshToken token, String text) {
        assertThatThrownBy(() -> seal.open(token, text)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void thePredecessorOpensIt() {
        assertThat(seal.open(new RefreshToken(GRANT, 7, predecessor), sealed)).isEqualTo(successor);
    }

    @Test
    void nothingElseOpensIt() {
        assertDoesNotOpen(new RefreshToken(GRANT, 7, bytes()), sealed);
        assertDoesNotOpen(new RefreshToken(GRANT, 7, successor), sealed);
        assertDoesNotOpen(new RefreshToken(GRANT, 7, TokenFixture.sha256(predecessor)), sealed);
    }

    @Test
    void itBelongsToOneFamilyAndGeneration() {
        assertDoesNotOpen(new RefreshToken(GRANT, 6, predecessor), sealed);
        assertDoesNotOpen(new RefreshToken("BAAAAAAAAAAAAAAAAAAAAA", 7, predecessor), sealed);
    }

    @Test
    void aChangedSealDoesNotOpen() {
        byte[] bytes = Base64.getDecoder().decode(sealed);
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            assertDoesNotOpen(
                    new RefreshToken(GRANT, 7, predecessor), Base64.getEncoder().encodeToString(changed));
        }
    }

    @Test
    void sealedTwiceItLooksDifferent() {
        assertThat(seal.seal(new RefreshToken(GRANT, 7, predecessor), successor))
                .isNotEqualTo(sealed);
    }
}
