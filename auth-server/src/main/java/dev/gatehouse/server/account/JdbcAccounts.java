package dev.gatehouse.server.account;

import dev.gatehouse.server.account.AccountTable.Credentials;
import dev.gatehouse.server.oauth.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.dao.DuplicateKeyException;

/** Accounts in PostgreSQL. */
final class JdbcAccounts implements Accounts {
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** As for a connection from the pool. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final AccountTable table;

    private final PasswordHashes hashes;

    private final PasswordChecks checks;

    private final Together<UUID, List<String>> roles;

    JdbcAccounts(AccountTable table, PasswordHashes hashes, PasswordChecks checks) {
        this.table = table;
        this.roles = new Together<>(table::roles, Thread::startVirtualThread, PATIENCE);
        this.hashes = hashes;
        this.checks = checks;
    }

    @Override
    public Optional<Account> findById(String id) {
        return UUID_FORM.matcher(id).matches() ? table.byId(UUID.fromString(id)) : Optional.empty();
    }

    @Override
    public Optional<List<String>> rolesOf(String id) {
        return UUID_FORM.matcher(id).matches() ? roles.ask(UUID.fromString(id)) : Optional.empty();
    }

    @Override
    public Optional<Account> findByUsername(String username) {
        return UsernameKey.of(username).flatMap(table::byName);
    }

    @Override
    public Optional<Account> findByEmail(String email) {
        return table.byEmail(email);
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
        String hash = checks.run(Turn.FIRST, () -> hashes.hash(password));
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
        Credentials found = UsernameKey.of(username).map(table::credentials).orElse(Credentials.NONE);
        return checks.run(turn, () -> check(found, password))
                .flatMap(table::byId)
                .filter(Account::enabled);
    }

    @Override
    public boolean hasRoom(Turn turn, int cameLately) {
        return checks.hasRoom(turn, cameLately);
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

    /** The rest of the account is read only for whoever has its password: until then a name that is known costs what any other does. */
    private Optional<UUID> check(Credentials found, Secret password) {
        UUID id = found.id();
        String hash = found.password();
        if (!hashes.matches(password, hash) || id == null || hash == null) {
            return Optional.empty();
        }
        if (hashes.isOutdated(hash)) {
            table.replacePassword(id, hash, hashes.hash(password));
        }
        return Optional.of(id);
    }
}
