package dev.gatehouse.server.ops;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/** Says on standard error, in plain lines, why the server does not start. */
final class StartFailure implements FailureAnalysisReporter {
    @Override
    public void report(FailureAnalysis analysis) {
        StringBuilder text = new StringBuilder("gatehouse cannot start: ")
                .append(analysis.getDescription().strip());
        String action = analysis.getAction();
        if (action != null && !action.isBlank()) {
            text.append(System.lineSeparator()).append("  ").append(action.strip());
        }
        System.err.println(text);
    }
}
