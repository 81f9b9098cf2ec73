package dev.gatehouse.server.keys;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in one line that the master key is not the one that the stored keys were sealed under. */
final class WrongMasterKeyFailureAnalyzer extends AbstractFailureAnalyzer<WrongMasterKey> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, WrongMasterKey cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), "", cause);
    }
}
