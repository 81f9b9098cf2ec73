package dev.gatehouse.server.passkey;

import java.security.SecureRandom;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Passkeys in PostgreSQL. Each takes one of ten places of its account, so that no race makes an eleventh. */
@Component
final class PasskeyTable {
    static final int MOST = 10;

    private static final int HANDLE_BYTES = 32;

    private static final String HANDLE = """
            insert into passkey_holders (account_id, user_handle) values (:account, :handle)
            on conflict (account_id) do update set account_id = excluded.account_id
            returning user_handle
            """;

    private static final String ADD = """
            insert into passkeys (id, account_id, place, credential_id, public_key, sign_count, transports, movable, backed_up, label)
            select :id, :account, free.place, :credential, :key, :count, :transports, :movable, :backedUp, :label
            from generate_series(1, :most) as free(place)
            where not exists (select 1 from passkeys taken where taken.account_id = :account and taken.place = free.place)
            order by free.place limit 1
            on conflict do nothing
            """;

    /** A counter moves on, or the authenticator keeps none: it says 0 each time. */
    private static final String USE = """
            update passkeys set sign_count = :count, backed_up = :backedUp, last_used_at = now()
            where id = :id and (sign_count < :count or (sign_count = 0 and :count = 0))
            """;

    private static final String SELECT =
            "select p.*, h.user_handle from passkeys p join passkey_holders h using (account_id) ";

    private final JdbcClient jdbc;

    private final SecureRandom random;

    PasskeyTable(JdbcClient jdbc, SecureRandom random) {
        this.jdbc = jdbc;
        this.random = random;
    }

    /** How authenticators name the account: random, the same for ever, and telling nothing. */
    String userHandle(String accountId) {
        byte[] fresh = new byte[HANDLE_BYTES];
        random.nextBytes(fresh);
        return Base64Url.encode(jdbc.sql(HANDLE)
                .param("account", UUID.fromString(accountId))
                .param("handle", fresh)
                .query((row, _) -> row.getBytes(1))
                .single());
    }

    /** Adds it, unless its credential is known or the account has ten. */
    boolean add(StoredPasskey stored, long signCount) {
        Passkey passkey = stored.passkey();
        return jdbc.sql(ADD)
                        .param("id", UUID.fromString(passkey.id()))
                        .param("account", UUID.fromString(passkey.accountId()))
                        .param("credential", Base64Url.decode(stored.credentialId()))
                        .param("key", Base64Url.decode(stored.publicKey()))
                        .param("count", signCount)
                        .param("transports", stored.transports().toArray(String[]::new))
                        .param("movable", passkey.movable())
                        .param("backedUp", passkey.backedUp())
                        .param("label", passkey.label())
                        .param("most", MOST)
                        .update()
                == 1;
    }

    /** Notes a use; false when the counter has not moved on, or the passkey is gone. */
    boolean use(String id, long signCount, boolean backedUp) {
        return jdbc.sql(USE)
                        .param("id", UUID.fromString(id))
                        .param("count", signCount)
                        .param("backedUp", backedUp)
                        .update()
                == 1;
    }

    Optional<StoredPasskey> byCredentialId(String credentialId) {
        return jdbc.sql(SELECT + "where p.credential_id = :credential")
                .param("credential", Base64Url.decode(credentialId))
                .query(PasskeyTable::stored)
                .optional();
    }

    /** The oldest first. */
    List<StoredPasskey> of(String accountId) {
        return jdbc.sql(SELECT + "where p.account_id = :account order by p.created_at, p.id")
                .param("account", UUID.fromString(accountId))
                .query(PasskeyTable::stored)
                .list();
    }

    boolean has(String accountId) {
        return jdbc.sql("select exists (select 1 from passkeys where account_id = :account)")
                .param("account", UUID.fromString(accountId))
                .query(Boolean.class)
                .single();
    }

    void rename(String accountId, String id, String label) {
        jdbc.sql("update passkeys set label = :label where account_id = :account and id = :id")
                .param("account", UUID.fromString(accountId))
                .param("id", UUID.fromString(id))
                .param("label", label)
                .update();
    }

    /** Whether the account had it. */
    boolean remove(String accountId, String id) {
        return jdbc.sql("delete from passkeys where account_id = :account and id = :id")
                        .param("account", UUID.fromString(accountId))
                        .param("id", UUID.fromString(id))
                        .update()
                == 1;
    }

    /** Whether the account ever had any. */
    boolean forget(String accountId) {
        return jdbc.sql("delete from passkey_holders where account_id = :account")
                        .param("account", UUID.fromString(accountId))
                        .update()
                == 1;
    }

    private static StoredPasskey stored(ResultSet row, int number) throws SQLException {
        OffsetDateTime used = row.getObject("last_used_at", OffsetDateTime.class);
        Passkey passkey = new Passkey(
                row.getString("id"),
                row.getString("account_id"),
                row.getString("label"),
                row.getBoolean("movable"),
                row.getBoolean("backed_up"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                used == null ? null : used.toInstant());
        Array transports = row.getArray("transports");
        return new StoredPasskey(
                passkey,
                Base64Url.encode(row.getBytes("credential_id")),
                Base64Url.encode(row.getBytes("public_key")),
                Base64Url.encode(row.getBytes("user_handle")),
                List.of((String[]) transports.getArray()));
    }
}
