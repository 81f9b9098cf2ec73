package dev.gatehouse.server.keys;

import com.nimbusds.jose.jwk.JWK;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** Keys of which the test chooses the one that signs; the first one at the start. */
public final class ChosenKeys {
    private final List<JWK> known = new ArrayList<>();

    private JWK active;

    public ChosenKeys(JWK... keys) {
        known.addAll(List.of(keys));
        active = keys[0];
    }

    /** One key, for RS256. */
    public static ChosenKeys one() {
        try {
            return new ChosenKeys(new SealedCustody(2048, new SecureRandom(), NativeCryptography.none())
                    .generate(SigningAlgorithm.RS256));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public void activate(JWK key) {
        active = key;
    }

    public void forget(JWK key) {
        known.remove(key);
    }

    public TokenSigner signer() {
        return new RingSigner(this::ring, List.of(algorithm(active)));
    }

    private Ring ring() {
        try {
            SigningKey signs = new SigningKey(active.getKeyID(), algorithm(active), KeyForms.privateKey(active), null);
            List<PublishedKey> published = new ArrayList<>();
            for (JWK key : known) {
                published.add(new PublishedKey(key.toPublicJWK(), algorithm(key), KeyForms.publicKey(key), null));
            }
            return new Ring(
                    List.of(),
                    List.of(signs),
                    published,
                    known.stream().map(JWK::getKeyID).toList());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SigningAlgorithm algorithm(JWK key) {
        return SigningAlgorithm.of(key.getAlgorithm().getName()).orElseThrow();
    }
}
