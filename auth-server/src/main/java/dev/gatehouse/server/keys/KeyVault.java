package dev.gatehouse.server.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import dev.gatehouse.server.keys.Seal.BrokenSealException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes, seals and opens stored keys. */
final class KeyVault {
    private final String issuer;

    private final Seal seal;

    private final KeyCustody custodyOfNewKeys;

    private final Map<String, KeyCustody> custodies = new LinkedHashMap<>();

    /** @param custodies the first of them makes the new keys */
    KeyVault(String issuer, Seal seal, KeyCustody... custodies) {
        this.issuer = issuer;
        this.seal = seal;
        this.custodyOfNewKeys = custodies[0];
        for (KeyCustody custody : custodies) {
            this.custodies.put(custody.name(), custody);
        }
    }

    StoredKey make(SigningAlgorithm algorithm, KeyState state, Instant now, Instant activatesAt) {
        try {
            JWK key = custodyOfNewKeys.generate(algorithm);
            return new StoredKey(
                    issuer,
                    key.getKeyID(),
                    algorithm,
                    state,
                    custodyOfNewKeys.name(),
                    sealed(key, StoredKey.purpose(issuer, key.getKeyID(), algorithm, state)),
                    now,
                    activatesAt,
                    null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no " + algorithm.value() + " key can be made: " + e.getMessage(), e);
        }
    }

    /** The key in another state; without its private half when it is not to sign any more. */
    StoredKey change(StoredKey key, KeyState state, Instant now) throws BrokenSealException {
        JWK opened = open(key);
        String purpose = StoredKey.purpose(key.issuer(), key.kid(), key.algorithm(), state);
        return key.withState(state, sealed(state.maySign() ? opened : opened.toPublicJWK(), purpose), now);
    }

    boolean isOutdated(StoredKey key) {
        return seal.isOutdated(key.sealed().bytes());
    }

    StoredKey sealAnew(StoredKey key) throws BrokenSealException {
        return key.withSeal(sealed(open(key), key.purpose()));
    }

    private StoredKey.Sealed sealed(JWK key, String purpose) {
        return new StoredKey.Sealed(seal.seal(purpose, key.toJSONString().getBytes(StandardCharsets.UTF_8)));
    }

    /** The key as it was made. */
    JWK open(StoredKey stored) throws BrokenSealException {
        byte[] opened = seal.open(stored.purpose(), stored.sealed().bytes());
        try {
            JWK key = JWK.parse(new String(opened, StandardCharsets.UTF_8));
            if (!stored.kid().equals(key.computeThumbprint().toString())
                    || !stored.algorithm().jose().equals(key.getAlgorithm())) {
                throw new BrokenSealException(stored.purpose(), "is not the key that its row names", null);
            }
            return key;
        } catch (ParseException | JOSEException e) {
            throw new BrokenSealException(stored.purpose(), "is no key", null);
        }
    }

    SigningKey signing(StoredKey stored, JWK opened) throws GeneralSecurityException {
        return custody(stored).open(opened, stored.algorithm());
    }

    /** Forgets the private half of a key that signs no more. */
    void destroy(StoredKey stored) throws GeneralSecurityException {
        custody(stored).destroy(stored.kid());
    }

    private KeyCustody custody(StoredKey stored) throws GeneralSecurityException {
        KeyCustody custody = custodies.get(stored.custody());
        if (custody == null) {
            throw new GeneralSecurityException(
                    "signing key " + stored.kid() + " is kept by " + stored.custody() + ", which is not configured");
        }
        return custody;
    }
}
