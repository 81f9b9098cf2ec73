package dev.gatehouse.server.account;

import dev.gatehouse.server.oauth.Secret;
import java.util.Optional;

/** The people who can log in. */
public interface Accounts {
    Optional<Account> findById(String id);

    Optional<Account> findByUsername(String username);

    /** Adds the account or replaces what is stored under its id, but not its password. */
    void save(Account account);

    void setPassword(String id, Secret password);

    /** Stores a password that was hashed elsewhere, in the form {@code {argon2}…} or {@code {bcrypt}…}. */
    void setPasswordHash(String id, String encoded);

    /**
     * The enabled account with this name and password. An unknown name, a disabled account and a wrong password give
     * the same answer and take the same time; a good password stored under old parameters is hashed anew.
     *
     * @throws PasswordCheckBusy when too many checks run already
     */
    Optional<Account> authenticate(String username, Secret password);
}
