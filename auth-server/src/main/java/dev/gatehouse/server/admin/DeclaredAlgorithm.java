package dev.gatehouse.server.admin;

import dev.gatehouse.server.keys.SigningAlgorithm;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads which algorithm tokens are to be signed by: one that there are keys for. */
final class DeclaredAlgorithm {
    private final List<SigningAlgorithm> algorithms;

    private final Problems problems;

    DeclaredAlgorithm(List<SigningAlgorithm> algorithms, Problems problems) {
        this.algorithms = algorithms;
        this.problems = problems;
    }

    @Nullable
    SigningAlgorithm read(Section section, String key) {
        Text text = section.text(key);
        if (text == null) {
            return null;
        }
        SigningAlgorithm algorithm = SigningAlgorithm.of(text.value()).orElse(null);
        if (algorithm == null || !algorithms.contains(algorithm)) {
            problems.add(
                    text.line(),
                    Problems.quote(key) + " must be one of those that gatehouse.keys.algorithms names: "
                            + algorithms.stream().map(SigningAlgorithm::value).collect(Collectors.joining(", ")));
        }
        return algorithm;
    }
}
