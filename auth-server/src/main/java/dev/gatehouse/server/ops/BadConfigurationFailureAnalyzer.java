package dev.gatehouse.server.ops;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Lists every bad setting on a line of its own. */
final class BadConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<BadConfiguration> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BadConfiguration cause) {
        String lines = String.join(System.lineSeparator() + "  ", cause.problems());
        return new FailureAnalysis("bad configuration" + System.lineSeparator() + "  " + lines, "", cause);
    }
}
