package dev.gatehouse.server.keys;

import java.security.GeneralSecurityException;

/** A device that keeps keys cannot be reached or does not do what it is there for; the message names the setting. */
final class UnusableDeviceException extends GeneralSecurityException {
    UnusableDeviceException(String message) {
        super(message);
    }

    UnusableDeviceException(String message, Throwable cause) {
        super(message + ": " + reason(cause), cause);
    }

    /** The innermost one, which has the device's own word for it, such as {@code CKR_PIN_LOCKED}. */
    static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage();
        return message == null
                ? innermost.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
