package dev.gatehouse.server.account;

import dev.gatehouse.server.oauth.Secret;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * What a password must be, NIST SP 800-63B section 5.1.1.2: long enough, and nothing that everybody would guess. Which characters it
 * is made of is the person's affair.
 */
@Component
public final class PasswordRules {
    private static final int SHORTEST = 8;

    private static final int LONGEST = 256;

    /** A word that is shorter may well be in a good password. */
    private static final int TELLING = 4;

    /** What is wrong with a password. */
    public enum Problem {
        TOO_SHORT,
        TOO_LONG,
        PERSONAL
    }

    /**
     * What is wrong with a new password, if anything.
     *
     * @param personal words that an attacker would try first: the person's names and address
     */
    public Optional<Problem> check(Secret password, List<String> personal) {
        String normal = Normalizer.normalize(password.value(), Normalizer.Form.NFC);
        int length = normal.codePointCount(0, normal.length());
        if (length < SHORTEST) {
            return Optional.of(Problem.TOO_SHORT);
        }
        if (length > LONGEST) {
            return Optional.of(Problem.TOO_LONG);
        }
        String folded = normal.toLowerCase(Locale.ROOT);
        return personal.stream()
                        .map(word -> word.toLowerCase(Locale.ROOT))
                        .anyMatch(word -> word.length() >= TELLING && isLittleMoreThan(word, folded))
                ? Optional.of(Problem.PERSONAL)
                : Optional.empty();
    }

    /** The word itself, or with a few characters around it. */
    private static boolean isLittleMoreThan(String word, String password) {
        return password.contains(word) && password.length() - word.length() < TELLING;
    }
}
