package dev.gatehouse.server.admin;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.account.PasswordHash;
import dev.gatehouse.server.client.Apis;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.oauth.Secret;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Puts declared configuration into the stores: all of it or, when the database refuses a part, nothing. Who is there
 * already keeps their id and whether they are enabled, and a secret or password that still holds is not hashed again.
 * Replicas that start together take turns.
 */
final class Registrar {
    private static final long TURN = 0x6761746568L;

    private final Apis apis;

    private final Clients clients;

    private final Accounts accounts;

    private final JdbcClient jdbc;

    private final TransactionOperations transaction;

    private final SecureRandom random;

    Registrar(
            Apis apis,
            Clients clients,
            Accounts accounts,
            JdbcClient jdbc,
            TransactionOperations transaction,
            SecureRandom random) {
        this.apis = apis;
        this.clients = clients;
        this.accounts = accounts;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.random = random;
    }

    void register(DeclaredConfiguration declared) {
        transaction.executeWithoutResult(_ -> {
            jdbc.sql("select 1 from pg_advisory_xact_lock(?)")
                    .param(TURN)
                    .query(Integer.class)
                    .single();
            declared.apis().forEach(apis::save);
            declared.clients().forEach(this::register);
            declared.people().forEach(this::register);
        });
    }

    private void register(DeclaredClient declared) {
        String id = declared.client().id();
        clients.save(declared.client());
        Secret secret = declared.secret();
        if (secret != null && !clients.secretMatches(id, secret)) {
            clients.setSecret(id, secret);
        }
        String digest = declared.secretDigest();
        if (digest != null) {
            clients.setSecretDigest(id, HexFormat.of().parseHex(digest));
        }
    }

    private void register(DeclaredPerson declared) {
        Optional<Account> before = accounts.findByUsername(declared.username());
        Account account = new Account(
                before.map(Account::id).orElseGet(this::newId),
                declared.username(),
                declared.email(),
                declared.emailVerified(),
                declared.roles(),
                declared.claims(),
                before.map(Account::enabled).orElse(true));
        Secret password = declared.password();
        boolean unchanged = before.isPresent() && password != null && isPasswordOf(account, password);
        save(account);
        if (password != null && !unchanged) {
            accounts.setPassword(account.id(), password);
        }
        PasswordHash hash = declared.passwordHash();
        if (hash != null) {
            accounts.setPasswordHash(account.id(), hash);
        }
    }

    private void save(Account account) {
        try {
            accounts.save(account);
        } catch (DuplicateKeyException e) {
            throw new BadDeclaration(List.of("the person " + Problems.quote(account.username())
                    + ": another account has confirmed this e-mail address already"));
        }
    }

    /** Asked before the account is saved: if the check hashes anew, another transaction writes the account's row. */
    private boolean isPasswordOf(Account account, Secret password) {
        return accounts.authenticate(account.username(), password).isPresent();
    }

    /** A random UUID, RFC 9562 section 5.4. */
    private String newId() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        bytes[6] = (byte) ((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte) ((bytes[8] & 0x3F) | 0x80);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong()).toString();
    }
}
