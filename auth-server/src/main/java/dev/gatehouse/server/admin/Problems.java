package dev.gatehouse.server.admin;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;

/** What is wrong with one file, gathered so that all of it can be said at once. */
final class Problems {
    private static final int LONGEST_QUOTE = 100;

    private final String file;

    private final Set<Problem> found = new LinkedHashSet<>();

    Problems(String file) {
        this.file = file;
    }

    void add(int line, String problem) {
        found.add(new Problem(line, problem));
    }

    int count() {
        return found.size();
    }

    /** @throws BadDeclaration when there are any, in the order of their lines */
    void refuse() {
        if (!found.isEmpty()) {
            throw new BadDeclaration(found.stream()
                    .sorted(Comparator.comparingInt(Problem::line))
                    .map(problem -> file + ":" + problem.line() + ": " + problem.text())
                    .toList());
        }
    }

    /** A value as it can stand in a line of text. Never for a secret, nor for what may hold one, such as a URL. */
    static String quote(String value) {
        String plain = value.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
        return '"' + (plain.length() <= LONGEST_QUOTE ? plain : plain.substring(0, LONGEST_QUOTE) + "...") + '"';
    }

    private record Problem(int line, String text) {}
}
