package dev.gatehouse.server.account;

/** A way in which a person can prove who they are beside their password. */
public interface SecondFactor {
    /** Its short stable name: {@code totp}, {@code passkey}, {@code recovery-code}, {@code email}. */
    String name();

    /** Whether the person has set it up. */
    boolean isEnrolled(String accountId);
}
