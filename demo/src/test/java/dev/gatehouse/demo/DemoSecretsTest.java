package dev.gatehouse.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoSecretsTest {
    @TempDir
    Path data;

    @Test
    void theMasterKeyIsMadeOnceAndForItsOwnerAlone() throws IOException {
        DemoSecrets secrets = new DemoSecrets(data, new SecureRandom());
        secrets.provideMasterKey();
        String key = Files.readString(secrets.masterKeyFile());
        secrets.provideMasterKey();
        assertThat(Base64.getDecoder().decode(key)).hasSize(32);
        assertThat(secrets.masterKeyFile()).hasContent(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets.masterKeyFile())))
                .isEqualTo("rw-------");
    }

    @Test
    void aStartThatIsCutOffLeavesNoHalfOfAKeyAndTheNextMakesIt() throws IOException {
        DemoSecrets cutOff = new DemoSecrets(data, new NoRandom());
        assertThatThrownBy(cutOff::provideMasterKey).isInstanceOf(IllegalStateException.class);
        assertThat(cutOff.masterKeyFile()).doesNotExist();
        DemoSecrets next = new DemoSecrets(data, new SecureRandom());
        next.provideMasterKey();
        assertThat(next.masterKeyFile()).isNotEmptyFile();
        assertThat(data).isDirectoryNotContaining("glob:**.new");
    }

    private static final class NoRandom extends SecureRandom {
        private static final long serialVersionUID = 1;

        @Override
        public void nextBytes(byte[] bytes) {
            throw new IllegalStateException("cut off");
        }
    }
}
