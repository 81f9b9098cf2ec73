package dev.gatehouse.server.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledIf("isSupported")
class NativeArgon2Test {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Argon2 portable = new PortableArgon2();

    private final Argon2 own = NativeArgon2.find(portable).orElseThrow();

    static boolean isSupported() {
        return NativeArgon2.resource(System.getProperty("os.name"), System.getProperty("os.arch")) != null;
    }

    @Test
    void whereThereIsALibraryForThePlatformItIsUsed() {
        assertThat(NativeArgon2.orPortable().name()).isEqualTo("libsodium");
        assertThat(NativeArgon2.find(portable)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p",
                "correct horse battery staple",
                "gr\u00fc\u00dfe-\u00e5ngstr\u00f6m",
                "\ud83d\udd11\ud83d\udd11"
            })
    void eachAcceptsWhatTheOtherMade(String text) {
        PasswordHashes natively = new PasswordHashes(own, RANDOM);
        PasswordHashes portably = new PasswordHashes(portable, RANDOM);
        Secret password = new Secret(text);
        Secret wrong = new Secret(text + "!");

        String nativeHash = natively.hash(password);
        assertThat(portably.matches(password, nativeHash)).isTrue();
        assertThat(portably.matches(wrong, nativeHash)).isFalse();
        assertThat(portably.isOutdated(nativeHash)).isFalse();
        String portableHash = portably.hash(password);
        assertThat(natively.matches(password, portableHash)).isTrue();
        assertThat(natively.matches(wrong, portableHash)).isFalse();
        assertThat(natively.isOutdated(portableHash)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
                "$argon2id$v=19$m=512,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
                "$argon2id$v=19$m=1024,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
                "$argon2id$v=19$m=1024,t=3,p=1$MDEyMzQ1Njc$MDEyMzQ1Njc4OWFiY2RlZg",
                "$argon2id$v=16$m=1024,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
                "$argon2i$v=19$m=1024,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
                "$argon2d$v=19$m=1024,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
            })
    void bothMakeTheSameWhateverTheParametersAre(String like) {
        Argon2Hash parameters = Argon2Hash.of(like);
        for (int length : new int[] {1, 64, 1024}) {
            byte[] password = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
            assertThat(own.derive(password, parameters)).isEqualTo(portable.derive(password, parameters));
        }
    }

    @Test
    void aPlatformWithoutLibraryHasThePortableOne() {
        assertThat(NativeArgon2.resource("SunOS", "sparcv9")).isNull();
        assertThat(NativeArgon2.resource("Linux", "riscv64")).isNull();
    }
}
