package dev.gatehouse.server.account;

import dev.gatehouse.server.account.AccountTable.Stored;
import dev.gatehouse.server.oauth.Secret;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;

/** Accounts in PostgreSQL. */
final class JdbcAccounts implements Accounts {
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final AccountTable table;

    private final PasswordHashes hashes;

    private final PasswordChecks checks;

    JdbcAccounts(AccountTable table, PasswordHashes hashes, PasswordChecks checks) {
        this.table = table;
        this.hashes = hashes;
        this.checks = checks;
    }

    @Override
    public Optional<Account> findById(String id) {
        return UUID_FORM.matcher(id).matches()
                ? table.byId(UUID.fromString(id)).map(Stored::account)
                : Optional.empty();
    }

    @Override
    public Optional<Account> findByUsername(String username) {
        return stored(username).map(Stored::account);
    }

    @Override
    public Optional<Account> findByEmail(String email) {
        return table.byEmail(email).map(Stored::account);
    }

    @Override
    public Creation create(Account account, Secret password) {
        UsernameKey key = key(account);
        String hash = checks.run(() -> hashes.hash(password));
        try {
            table.create(account, key, hash);
            return Creation.CREATED;
        } catch (DuplicateKeyException e) {
            return isAboutEmail(e) ? Creation.EMAIL_TAKEN : Creation.USERNAME_TAKEN;
        }
    }

    @Override
    public boolean setVerifiedEmail(String id, String email) {
        try {
            table.setVerifiedEmail(UUID.fromString(id), email);
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    private static boolean isAboutEmail(DuplicateKeyException e) {
        return String.valueOf(e.getMessage()).contains("accounts_email");
    }

    @Override
    public Optional<Long> generation(String id) {
        return UUID_FORM.matcher(id).matches() ? table.generation(UUID.fromString(id)) : Optional.empty();
    }

    @Override
    public boolean setEnabled(String id, boolean enabled) {
        return UUID_FORM.matcher(id).matches() && table.setEnabled(UUID.fromString(id), enabled);
    }

    @Override
    public void close(String id) {
        table.close(UUID.fromString(id));
    }

    @Override
    public void save(Account account) {
        table.save(account, key(account));
    }

    private static UsernameKey key(Account account) {
        if (!UUID_FORM.matcher(account.id()).matches()) {
            throw new IllegalArgumentException("an account's id is a UUID in lower case");
        }
        return UsernameKey.of(account.username())
                .orElseThrow(() -> new IllegalArgumentException("a username has 1 to 254 characters"));
    }

    @Override
    public void setPassword(String id, Secret password) {
        String hash = checks.run(() -> hashes.hash(password));
        requireAccount(id, table.setPassword(UUID.fromString(id), hash));
    }

    @Override
    public void setPasswordHash(String id, PasswordHash hash) {
        requireAccount(id, table.importPassword(UUID.fromString(id), hash.stored()));
    }

    private static void requireAccount(String id, boolean there) {
        if (!there) {
            throw new IllegalArgumentException("there is no account " + id);
        }
    }

    @Override
    public Optional<Account> authenticate(String username, Secret password, Turn turn) {
        Stored stored = stored(username).filter(s -> s.account().enabled()).orElse(null);
        return checks.run(turn, () -> check(stored, password));
    }

    @Override
    public boolean hasRoom(Turn turn) {
        return checks.hasRoom(turn);
    }

    @Override
    public Optional<String> deviceTie(String username) {
        return UsernameKey.of(username).flatMap(table::deviceTie);
    }

    @Override
    public void forgetDevices(String id) {
        if (UUID_FORM.matcher(id).matches()) {
            table.forgetDevices(UUID.fromString(id));
        }
    }

    private Optional<Account> check(@Nullable Stored stored, Secret password) {
        String hash = stored == null ? null : stored.password();
        if (!hashes.matches(password, hash) || stored == null || hash == null) {
            return Optional.empty();
        }
        if (hashes.isOutdated(hash)) {
            table.replacePassword(stored.account().id(), hash, hashes.hash(password));
        }
        return Optional.of(stored.account());
    }

    private Optional<Stored> stored(String username) {
        return UsernameKey.of(username).flatMap(table::byName);
    }
}
