package dev.gatehouse.verifier;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.text.ParseException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A good signature of each algorithm, against which a provider is tried before it is relied on. */
final class KnownAnswers {

    private static final byte[] CONTENT = "A signature that is known to be good.".getBytes(StandardCharsets.US_ASCII);

    private record Answer(JWK key, Base64URL signature) {}

    private final Map<SignatureAlgorithm, Answer> answers = new EnumMap<>(SignatureAlgorithm.class);

    private KnownAnswers(Map<String, Object> members) throws ParseException {
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            Map<String, Object> answer =
                    JSONObjectUtils.getJSONObject(members, algorithm.jose().getName());
            JWK key = JWK.parse(JSONObjectUtils.getJSONObject(answer, "key"));
            Base64URL signature = JSONObjectUtils.getBase64URL(answer, "signature");
            answers.put(algorithm, new Answer(key, signature));
        }
    }

    static KnownAnswers read() {
        try (InputStream bytes = KnownAnswers.class.getResourceAsStream("known-answers.json")) {
            if (bytes == null) {
                throw new IllegalStateException("known-answers.json is missing beside the verifier's classes");
            }
            return new KnownAnswers(JsonObject.parse(new String(bytes.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException | ParseException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    /** The provider that has told the good signature from a bad one; without one given, the platform's choice. */
    @SuppressWarnings("NullAway") // the constructor fills in every algorithm
    Provider prove(SignatureAlgorithm algorithm, @Nullable Provider provider) throws GeneralSecurityException {
        Answer answer = answers.get(algorithm);
        byte[] signature = answer.signature().decode();
        PublicKey key = key(algorithm, answer.key(), provider);
        Signature verification = algorithm.signature(provider);
        verification.initVerify(key);
        verification.update(CONTENT);
        boolean good = verification.verify(signature);
        verification.initVerify(key);
        verification.update(CONTENT, 1, CONTENT.length - 1);
        if (!good || isTaken(verification, signature)) {
            throw new SignatureException("the answer is wrong");
        }
        return verification.getProvider();
    }

    private static PublicKey key(SignatureAlgorithm algorithm, JWK key, @Nullable Provider provider)
            throws GeneralSecurityException {
        try {
            return algorithm.publicKey(key, provider);
        } catch (JOSEException unusable) {
            throw new GeneralSecurityException(unusable);
        }
    }

    private static boolean isTaken(Signature verification, byte[] wrong) {
        try {
            return verification.verify(wrong);
        } catch (SignatureException refused) {
            return false;
        }
    }
}
