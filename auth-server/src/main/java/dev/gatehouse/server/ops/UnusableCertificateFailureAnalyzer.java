package dev.gatehouse.server.ops;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Says in one line why an SSL bundle cannot be used: it is not there, a file cannot be read, key and certificate differ. */
final class UnusableCertificateFailureAnalyzer implements FailureAnalyzer {
    private static final Pattern BUNDLES =
            Pattern.compile("org\\.springframework\\.boot\\.(autoconfigure\\.)?ssl\\..*");

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        Throwable refusal = null;
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            refusal = isThrownBySsl(cause) ? cause : refusal;
            root = cause;
        }
        if (refusal == null) {
            return null;
        }
        String reason = refusal.equals(root) ? "" : ": " + root.getMessage();
        return new FailureAnalysis("the SSL bundle is of no use: " + refusal.getMessage() + reason, "", refusal);
    }

    private static boolean isThrownBySsl(Throwable cause) {
        StackTraceElement[] frames = cause.getStackTrace();
        return frames.length > 0 && BUNDLES.matcher(frames[0].getClassName()).matches();
    }
}
