package dev.gatehouse.server.ops;

import java.util.List;

/** Settings that the server refuses to start with: all of them at once. */
final class BadConfiguration extends RuntimeException {
    private final List<String> problems;

    BadConfiguration(List<String> problems) {
        super(String.join("; ", problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    List<String> problems() {
        return problems;
    }
}
