package dev.gatehouse.server.keys;

import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys whose private halves are made in a hardware security module, by the name of their {@code kid}, and never leave it. When
 * the device has failed, the next operation connects to it anew; but never again with a PIN that it has refused, for it may
 * lock itself.
 */
final class Pkcs11Custody implements KeyCustody {
    static final String NAME = "pkcs11";

    /** The platform's PKCS#11 provider has no Ed25519. */
    static final List<SigningAlgorithm> ALGORITHMS =
            List.of(SigningAlgorithm.RS256, SigningAlgorithm.PS256, SigningAlgorithm.ES256);

    private static final byte[] TRIAL = "gatehouse".getBytes(StandardCharsets.US_ASCII);

    private final KeysProperties.Pkcs11 settings;

    private final int rsaBits;

    private Pkcs11Device device;

    private boolean troubled;

    private @Nullable UnusableDeviceException refusal;

    /** Connects to the device. */
    Pkcs11Custody(KeysProperties.Pkcs11 settings, int rsaBits) throws UnusableDeviceException {
        this.settings = settings;
        this.rsaBits = rsaBits;
        this.device = Pkcs11Device.connect(settings);
    }

    private interface Use<T> {
        T use(Pkcs11Device device) throws GeneralSecurityException, IOException;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean supports(SigningAlgorithm algorithm) {
        if (!ALGORITHMS.contains(algorithm)) {
            return false;
        }
        try {
            Pkcs11Device device = connected();
            algorithm.signature(device.provider());
            device.generator(algorithm.keyAlgorithm());
            return true;
        } catch (GeneralSecurityException | ProviderException absent) {
            return false;
        }
    }

    @Override
    public JWK generate(SigningAlgorithm algorithm) throws GeneralSecurityException {
        return attempt("no " + algorithm.value() + " key can be made", device -> {
            KeyPairGenerator generator = device.generator(algorithm.keyAlgorithm());
            if (algorithm == SigningAlgorithm.ES256) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else {
                generator.initialize(rsaBits);
            }
            KeyPair pair = generator.generateKeyPair();
            JWK key = KeyForms.publicJwk(pair.getPublic(), algorithm);
            device.put(key.getKeyID(), pair);
            return key;
        });
    }

    @Override
    public SigningKey open(JWK stored, SigningAlgorithm algorithm) throws GeneralSecurityException {
        String kid = stored.getKeyID();
        return attempt("signing key " + kid + " cannot be used", device -> {
            PrivateKey key = device.get(kid);
            if (key == null) {
                throw new GeneralSecurityException("the device does not have it");
            }
            SigningKey signing = new SigningKey(kid, algorithm, key, device.provider());
            Signature verification = algorithm.signature(null);
            verification.initVerify(KeyForms.publicKey(stored));
            verification.update(TRIAL);
            if (!verification.verify(signing.sign(TRIAL))) {
                throw new GeneralSecurityException("the device has another one in its place");
            }
            return signing;
        });
    }

    @Override
    public void destroy(String kid) throws GeneralSecurityException {
        attempt("signing key " + kid + " cannot be removed", device -> {
            device.remove(kid);
            return kid;
        });
    }

    private synchronized <T> T attempt(String failure, Use<T> use) throws UnusableDeviceException {
        Pkcs11Device connected = connected();
        try {
            return use.use(connected);
        } catch (GeneralSecurityException | IOException | ProviderException e) {
            troubled = true;
            throw new UnusableDeviceException("gatehouse.keys.pkcs11: " + failure, e);
        }
    }

    private synchronized Pkcs11Device connected() throws UnusableDeviceException {
        if (refusal != null) {
            throw refusal;
        }
        if (troubled) {
            try {
                device = Pkcs11Device.connect(settings);
                troubled = false;
            } catch (UnusableDeviceException e) {
                refusal = e.isPinRefused() ? e : null;
                throw e;
            }
        }
        return device;
    }
}
