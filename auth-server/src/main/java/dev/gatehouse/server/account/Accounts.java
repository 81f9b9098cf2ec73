package dev.gatehouse.server.account;

import dev.gatehouse.server.oauth.Secret;
import java.util.List;
import java.util.Optional;

/** The people who can log in. */
public interface Accounts {
    Optional<Account> findById(String id);

    /** The roles of a person who is enabled: all that a token needs to know of an account, and less to read than the account. */
    Optional<List<String>> rolesOf(String id);

    Optional<Account> findByUsername(String username);

    /** The account that this address was seen to belong to, whatever its upper and lower case. */
    Optional<Account> findByEmail(String email);

    /**
     * Adds a new account with its password, unless its name or its verified address is another's.
     *
     * @throws PasswordCheckBusy when too many passwords are being hashed
     */
    Creation create(Account account, Secret password);

    /** How a creation ended. */
    enum Creation {
        CREATED,
        USERNAME_TAKEN,
        EMAIL_TAKEN
    }

    /** Gives the account an address that was seen to be the person's; false when it is another's. */
    boolean setVerifiedEmail(String id, String email);

    /**
     * A number that rises with every new password, and when the account is disabled or closed: what was remembered of the person's
     * logins before is void. Nothing when the account is not enabled.
     */
    Optional<Long> generation(String id);

    /** Lets the person in, or no more. False when there is no such account, or it was closed. */
    boolean setEnabled(String id, boolean enabled);

    /** Ends the account for good and erases what is known of the person; id and name are never given to anybody else. */
    void close(String id);

    /** Adds the account or replaces what is stored under its id, but not its password. */
    void save(Account account);

    /**
     * Stores a new password.
     *
     * @throws PasswordCheckBusy when too many passwords are being hashed
     */
    void setPassword(String id, Secret password);

    /**
     * Stores a password that was hashed elsewhere, unless the last that was given in this way was the same one: then whatever has
     * come in its place since stays.
     */
    void setPasswordHash(String id, PasswordHash hash);

    /**
     * The enabled account with this name and password. An unknown name, a disabled account and a wrong password give
     * the same answer and take the same time; a good password stored under old parameters is hashed anew.
     *
     * @throws PasswordCheckBusy when too many checks run already
     */
    Optional<Account> authenticate(String username, Secret password, Turn turn);

    default Optional<Account> authenticate(String username, Secret password) {
        return authenticate(username, password, Turn.IN_ORDER);
    }

    /** Whether a check that came now would not be refused as one too many. */
    default boolean hasRoom(Turn turn) {
        return hasRoom(turn, 0);
    }

    /** The same when so many others came lately, who may be on their way to it, wait for it or have begun. */
    boolean hasRoom(Turn turn, int cameLately);

    /**
     * What ties a device to the account that has been used on it: another one since the password was changed or
     * {@link #forgetDevices} was called.
     */
    Optional<String> deviceTie(String username);

    /** No device counts any longer as one on which the person has logged in before. */
    void forgetDevices(String id);
}
