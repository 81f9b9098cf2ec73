package dev.gatehouse.verifier;

import com.nimbusds.jose.JWSAlgorithm;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who verifies the signatures of each allowed algorithm, chosen once: the preferred provider where it proves that it can,
 * the platform's own otherwise.
 */
final class SignatureProviders {

    private static final Logger log = LoggerFactory.getLogger(SignatureProviders.class);

    private final Map<SignatureAlgorithm, Provider> chosen = new EnumMap<>(SignatureAlgorithm.class);

    SignatureProviders(Set<JWSAlgorithm> allowed, @Nullable Provider preferred) {
        KnownAnswers answers = KnownAnswers.read();
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            if (allowed.contains(algorithm.jose())) {
                choose(algorithm, preferred, answers);
            }
        }
    }

    private void choose(SignatureAlgorithm algorithm, @Nullable Provider preferred, KnownAnswers answers) {
        if (preferred != null) {
            try {
                chosen.put(algorithm, answers.prove(algorithm, preferred));
                return;
            } catch (Throwable unusable) { // a native library that does not fit fails in many ways
                log.info("{} does not verify {}: {}", preferred.getName(), algorithm.jose(), unusable.toString());
            }
        }
        try {
            chosen.put(algorithm, answers.prove(algorithm, null));
        } catch (GeneralSecurityException | RuntimeException missing) {
            log.warn("This platform does not verify {}: {}", algorithm.jose(), missing.toString());
        }
    }

    /** Nobody for an algorithm that is not allowed, or that this platform does not have. */
    @Nullable
    Provider of(SignatureAlgorithm algorithm) {
        return chosen.get(algorithm);
    }

    /** The providers' names by the algorithms'. */
    Map<String, String> names() {
        Map<String, String> names = new TreeMap<>();
        chosen.forEach((algorithm, provider) -> names.put(algorithm.jose().getName(), provider.getName()));
        return Collections.unmodifiableMap(names);
    }
}
