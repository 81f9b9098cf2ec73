package dev.gatehouse.server.admin;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lists everything that is wrong with the declared configuration on a line of its own. */
final class BadDeclarationFailureAnalyzer extends AbstractFailureAnalyzer<BadDeclaration> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BadDeclaration cause) {
        String lines = String.join(System.lineSeparator() + "  ", cause.problems());
        return new FailureAnalysis("bad configuration" + System.lineSeparator() + "  " + lines, "", cause);
    }
}
