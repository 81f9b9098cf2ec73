package dev.gatehouse.server.account;

import dev.gatehouse.server.oauth.Secret;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a password must be, NIST SP 800-63B section 3.1.1.2 (revision 3: 5.1.1.2): long enough, and nothing that everybody would
 * guess. Which characters it is made of is the person's affair.
 */
public final class PasswordRules {
    static final int SHORTEST_EVER = 8;

    private static final int LONGEST = 256;

    /** A word that is shorter may well be in a good password. */
    private static final int TELLING = 4;

    private final int shortest;

    private final List<String> refusedWords;

    private final List<BreachedPasswords> breached;

    /**
     * The rules of one house.
     *
     * @param breached in the order in which they are asked
     */
    PasswordRules(int shortest, List<String> refusedWords, List<BreachedPasswords> breached) {
        this.shortest = shortest;
        this.refusedWords = refusedWords;
        this.breached = breached;
    }

    /** What is wrong with a password. */
    public enum Problem {
        TOO_SHORT,
        TOO_LONG,
        PERSONAL,
        BREACHED
    }

    /** How many characters a password has at least. */
    public int shortest() {
        return shortest;
    }

    /**
     * What is wrong with a new password, if anything.
     *
     * @param personal words that an attacker would try first: the person's names and address
     */
    public Optional<Problem> check(Secret password, List<String> personal) {
        String normal = Normalizer.normalize(password.value(), Normalizer.Form.NFC);
        int length = normal.codePointCount(0, normal.length());
        if (length < shortest) {
            return Optional.of(Problem.TOO_SHORT);
        }
        if (length > LONGEST) {
            return Optional.of(Problem.TOO_LONG);
        }
        String folded = normal.toLowerCase(Locale.ROOT);
        if (Stream.concat(personal.stream(), refusedWords.stream()).anyMatch(word -> isLittleMoreThan(word, folded))) {
            return Optional.of(Problem.PERSONAL);
        }
        return RepeatedCharacters.makeUp(folded) || breached.stream().anyMatch(known -> known.contains(normal))
                ? Optional.of(Problem.BREACHED)
                : Optional.empty();
    }

    /** The word itself, or with a few characters around it. */
    private static boolean isLittleMoreThan(String word, String password) {
        String folded = Normalizer.normalize(word, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        return folded.length() >= TELLING && password.contains(folded) && password.length() - folded.length() < TELLING;
    }
}
