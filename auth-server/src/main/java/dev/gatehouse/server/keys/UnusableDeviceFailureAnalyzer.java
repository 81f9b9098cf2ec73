package dev.gatehouse.server.keys;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in one line what is wrong with the device that keeps the signing keys. */
final class UnusableDeviceFailureAnalyzer extends AbstractFailureAnalyzer<UnusableDeviceException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnusableDeviceException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), "", cause);
    }
}
