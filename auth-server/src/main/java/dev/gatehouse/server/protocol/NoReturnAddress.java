package dev.gatehouse.server.protocol;

/** Thrown when an authorization request cannot be answered to its client, because who and where that is is not certain. */
final class NoReturnAddress extends RuntimeException {
    private final String page;

    /** @param page the key of the message that tells the person */
    NoReturnAddress(String page, String auditReason) {
        super(auditReason, null, false, false);
        this.page = page;
    }

    String page() {
        return page;
    }

    String auditReason() {
        return String.valueOf(getMessage());
    }
}
