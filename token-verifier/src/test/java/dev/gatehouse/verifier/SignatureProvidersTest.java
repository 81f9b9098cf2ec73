package dev.gatehouse.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.nimbusds.jose.JWSAlgorithm;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.SignatureSpi;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SignatureProvidersTest {

    private static final Set<JWSAlgorithm> ALLOWED =
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256, JWSAlgorithm.EdDSA);
    private static final String AMAZON = "AmazonCorrettoCryptoProvider";

    private static Provider amazon() {
        Provider found = NativeProvider.find();
        assumeTrue(found != null && found.getService("Signature", "SHA256withRSA") != null);
        return Objects.requireNonNull(found);
    }

    private static SignatureProviders with(@Nullable Provider preferred) {
        return new SignatureProviders(ALLOWED, preferred);
    }

    @Test
    void theNativeProviderIsChosenAndInstalledForNobodyElse() {
        assertThat(with(amazon()).names())
                .containsOnlyKeys("RS256", "PS256", "ES256", "EdDSA")
                .allSatisfy((algorithm, provider) -> assertThat(provider).isEqualTo(AMAZON));
        assertThat(Arrays.stream(Security.getProviders()).map(Provider::getName))
                .doesNotContain(AMAZON);
    }

    @Test
    void withoutOneThePlatformsOwnAreChosen() {
        assertThat(with(null).names())
                .containsEntry("RS256", "SunRsaSign")
                .containsEntry("PS256", "SunRsaSign")
                .containsEntry("ES256", "SunEC")
                .containsEntry("EdDSA", "SunEC");
    }

    /** Takes whatever it is given for a good signature. */
    public static final class Gullible extends SignatureSpi {

        @Override
        protected void engineInitVerify(PublicKey key) {}

        @Override
        protected boolean engineVerify(byte[] signature) {
            return true;
        }

        @Override
        protected void engineUpdate(byte[] bytes, int from, int length) {}

        @Override
        protected void engineUpdate(byte one) {}

        @Override
        protected void engineInitSign(PrivateKey key) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected byte[] engineSign() {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class Partial extends Provider {
        Partial() {
            super("Partial", "1", "One algorithm of Amazon's, one that fails, and one that lies.");
            Service ed25519 = amazon().getService("Signature", "Ed25519");
            putService(new Service(this, "Signature", "Ed25519", ed25519.getClassName(), null, null) {
                @Override
                public Object newInstance(@Nullable Object parameter) throws NoSuchAlgorithmException {
                    return ed25519.newInstance(parameter);
                }
            });
            putService(new Service(this, "Signature", "SHA256withRSA", Gullible.class.getName(), null, null));
            putService(new Service(this, "Signature", "SHA256withECDSAinP1363Format", "none", null, null) {
                @Override
                public Object newInstance(@Nullable Object parameter) {
                    throw new UnsatisfiedLinkError("no such library");
                }
            });
        }
    }

    @Test
    void whatItLacksOrGetsWrongIsLeftToThePlatform() {
        assertThat(with(new Partial()).names())
                .containsEntry("RS256", "SunRsaSign")
                .containsEntry("PS256", "SunRsaSign")
                .containsEntry("ES256", "SunEC")
                .containsEntry("EdDSA", "Partial");
    }

    /** Has a class of its own where Amazon's should be, or none. */
    private static final class Loader extends ClassLoader {

        private final @Nullable Class<?> inItsPlace;

        Loader(@Nullable Class<?> inItsPlace) {
            super(SignatureProvidersTest.class.getClassLoader());
            this.inItsPlace = inItsPlace;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(NativeProvider.CLASS_NAME)) {
                return super.loadClass(name, resolve);
            }
            if (inItsPlace == null) {
                throw new ClassNotFoundException(name);
            }
            return inItsPlace;
        }
    }

    static final class Broken {
        public static final @Nullable Object INSTANCE = load();

        private static Object load() {
            throw new UnsatisfiedLinkError("wrong platform");
        }
    }

    static final class Different {
        public static final String INSTANCE = "no provider";
    }

    static final class Empty {}

    @Test
    void aProviderThatIsMissingOrBrokenIsNone() {
        assertThat(NativeProvider.find(new Loader(null))).isNull();
        for (Class<?> other : new Class<?>[] {Broken.class, Different.class, Empty.class}) {
            assertThat(NativeProvider.find(new Loader(other))).isNull();
        }
    }

    @Test
    void theVerifierTellsWhoVerifiesAndCanDoWithoutNativeCode() {
        Provider amazon = amazon();
        try (TokenVerifier by = builder().start();
                TokenVerifier without = builder().nativeCrypto(false).start();
                TokenVerifier one = builder().algorithms("PS384").start()) {
            assertThat(by.cryptoProviders()).hasSize(4).containsEntry("RS256", amazon.getName());
            assertThat(without.cryptoProviders()).hasSize(4).containsEntry("RS256", "SunRsaSign");
            assertThat(one.cryptoProviders()).containsOnlyKeys("PS384");
        }
    }

    private static TokenVerifierBuilder builder() {
        return TokenVerifier.forIssuer("http://127.0.0.1:1", "api").credentials("client", "secret");
    }
}
