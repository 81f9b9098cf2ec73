package dev.gatehouse.server.keys;

import java.security.GeneralSecurityException;

/** A device that keeps keys cannot be reached or does not do what it is there for; the message names the setting. */
final class UnusableDeviceException extends GeneralSecurityException {
    private final boolean pinRefused;

    UnusableDeviceException(String message) {
        super(message);
        this.pinRefused = false;
    }

    UnusableDeviceException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private UnusableDeviceException(String message, Throwable cause, boolean pinRefused) {
        super(message + ": " + reason(cause), cause);
        this.pinRefused = pinRefused;
    }

    static UnusableDeviceException pinRefused(String setting, Throwable cause) {
        return new UnusableDeviceException(setting + ": the device refuses it", cause, true);
    }

    /** Another try with the same PIN may lock the device. */
    boolean isPinRefused() {
        return pinRefused;
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
