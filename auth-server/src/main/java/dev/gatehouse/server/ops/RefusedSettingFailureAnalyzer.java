package dev.gatehouse.server.ops;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with a setting that is refused only together with others, when a bean is made of them. */
final class RefusedSettingFailureAnalyzer extends AbstractFailureAnalyzer<IllegalArgumentException> {
    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, IllegalArgumentException cause) {
        String message = String.valueOf(cause.getMessage());
        return message.startsWith("gatehouse.")
                ? new FailureAnalysis("bad configuration" + System.lineSeparator() + "  " + message, null, cause)
                : null;
    }
}
