package dev.gatehouse.server.account;

/** A way in which a person can prove who they are beside their password. */
public interface SecondFactor {
    /** Its short stable name: {@code totp}, {@code passkey}, {@code recovery-code}, {@code email}. */
    String name();

    /** Whether the person has set it up. */
    boolean isEnrolled(String accountId);

    /** Takes it from the person, whole. Says whether they had it. */
    boolean remove(String accountId);

    /** Whether it only helps out where another one is set up, as recovery codes do: alone it protects nothing. */
    default boolean isBackup() {
        return false;
    }

    /** Whether it works only with Redis at hand: what it asks for is kept there meanwhile. */
    default boolean needsRedis() {
        return false;
    }

    /** Whether it can be asked of a person who has set up none at all, when a second proof is demanded. */
    default boolean canStandIn(Account account) {
        return false;
    }
}
