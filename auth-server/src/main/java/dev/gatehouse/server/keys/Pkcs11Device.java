package dev.gatehouse.server.keys;

import dev.gatehouse.server.oauth.Secret;
import java.io.IOException;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.cert.Certificate;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import org.jspecify.annotations.Nullable;

/**
 * A hardware security module, reached by the platform's own PKCS#11 provider, which is not installed for anybody else. The
 * provider shows a private key only together with a certificate; so each key has one that it signs itself and nobody reads.
 * The contents are listed anew for each operation: other replicas add and remove keys.
 */
final class Pkcs11Device {
    /** Private keys are made inside, stay there for good, and sign. */
    private static final String ATTRIBUTES = """
            attributes(generate, CKO_PUBLIC_KEY, *) = {
              CKA_TOKEN = false
              CKA_VERIFY = true
            }
            attributes(generate, CKO_PRIVATE_KEY, *) = {
              CKA_TOKEN = true
              CKA_PRIVATE = true
              CKA_SENSITIVE = true
              CKA_EXTRACTABLE = false
              CKA_SIGN = true
            }
            """;

    private static final int LISTINGS = 3;

    private final Provider provider;

    private Pkcs11Device(Provider provider) {
        this.provider = provider;
    }

    /** Loads the library and logs in. */
    static Pkcs11Device connect(KeysProperties.Pkcs11 settings) throws UnusableDeviceException {
        AuthProvider provider = load(settings);
        try {
            provider.login(new Subject(), answeringWith(settings.secret()));
            return new Pkcs11Device(provider);
        } catch (LoginException | ProviderException e) {
            boolean refused = e instanceof FailedLoginException
                    || UnusableDeviceException.reason(e).startsWith("CKR_PIN_");
            throw refused
                    ? UnusableDeviceException.pinRefused(settings.pinSetting(), e)
                    : new UnusableDeviceException("gatehouse.keys.pkcs11: the device does not let us log in", e);
        }
    }

    private static AuthProvider load(KeysProperties.Pkcs11 settings) throws UnusableDeviceException {
        Provider unconfigured = Security.getProvider("SunPKCS11");
        if (unconfigured == null) {
            throw new UnusableDeviceException(
                    "gatehouse.keys.pkcs11: this Java runtime has no PKCS#11 provider, its module jdk.crypto.cryptoki");
        }
        String configuration = "name = gatehouse\nlibrary = \"" + settings.library() + "\"\n" + slot(settings) + "\n";
        try {
            return (AuthProvider) unconfigured.configure("--" + configuration + ATTRIBUTES);
        } catch (ProviderException | IllegalArgumentException | UnsupportedOperationException e) {
            throw new UnusableDeviceException(
                    "gatehouse.keys.pkcs11.library: no device is to be had from " + settings.library(), e);
        }
    }

    private static String slot(KeysProperties.Pkcs11 settings) {
        Integer index = settings.slotListIndex();
        return settings.slot() != null ? "slot = " + settings.slot() : "slotListIndex = " + (index == null ? 0 : index);
    }

    private static CallbackHandler answeringWith(Secret pin) {
        return callbacks -> {
            for (Callback callback : callbacks) {
                if (callback instanceof PasswordCallback asked) {
                    asked.setPassword(pin.value().toCharArray());
                }
            }
        };
    }

    /** What signs with the device's keys. */
    Provider provider() {
        return provider;
    }

    KeyPairGenerator generator(String algorithm) throws GeneralSecurityException {
        return KeyPairGenerator.getInstance(algorithm, provider);
    }

    /** Gives a key that was made here its name. */
    void put(String name, KeyPair pair) throws GeneralSecurityException, IOException {
        Certificate[] chain = {SelfSigned.certificate(name, pair, provider)};
        contents().setKeyEntry(name, pair.getPrivate(), null, chain);
    }

    @Nullable
    PrivateKey get(String name) throws GeneralSecurityException, IOException {
        return (PrivateKey) contents().getKey(name, null);
    }

    void remove(String name) throws GeneralSecurityException, IOException {
        KeyStore contents = contents();
        if (contents.containsAlias(name)) {
            try {
                contents.deleteEntry(name);
            } catch (GeneralSecurityException e) {
                if (contents().containsAlias(name)) {
                    throw e;
                }
            }
        }
    }

    /** A listing fails when another replica removes something meanwhile. */
    private KeyStore contents() throws GeneralSecurityException, IOException {
        for (int listing = 1; ; listing++) {
            KeyStore contents = KeyStore.getInstance("PKCS11", provider);
            try {
                contents.load(null, null);
                return contents;
            } catch (IOException | ProviderException e) {
                if (listing == LISTINGS) {
                    throw e;
                }
            }
        }
    }
}
