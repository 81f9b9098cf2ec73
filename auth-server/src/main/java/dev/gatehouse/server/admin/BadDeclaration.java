package dev.gatehouse.server.admin;

import java.util.List;

/** Declared configuration that the server refuses to start with: all that is wrong at once, a line each. */
final class BadDeclaration extends RuntimeException {
    private final List<String> problems;

    BadDeclaration(List<String> problems) {
        super(String.join("; ", problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    List<String> problems() {
        return problems;
    }
}
