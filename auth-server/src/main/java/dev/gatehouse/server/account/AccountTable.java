package dev.gatehouse.server.account;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code accounts}. */
final class AccountTable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final TypeReference<Map<String, Object>> CLAIMS = new TypeReference<>() {};

    private static final String BY_ID = "select * from accounts where id = :id";

    private static final String ROLES = "select id, roles from accounts where id = any(?::uuid[]) and enabled";

    private static final String BY_NAME = "select * from accounts where username_key = :key";

    /** One row, whether there is such an account or not. */
    private static final String CREDENTIALS = """
            select a.id, case when a.enabled then a.password end as password
            from (select cast(:key as text) as username_key) asked left join accounts a using (username_key)
            """;

    private static final String SAVE = """
            insert into accounts (id, username, username_key, email, email_verified, roles, claims, enabled)
            values (:id, :username, :key, :email, :emailVerified, :roles, cast(:claims as jsonb), :enabled)
            on conflict (id) do update set username = excluded.username, username_key = excluded.username_key,
                email = excluded.email, email_verified = excluded.email_verified, roles = excluded.roles,
                claims = excluded.claims, enabled = excluded.enabled, updated_at = now(),
                generation = accounts.generation + case when accounts.enabled and not excluded.enabled then 1 else 0 end
            """;

    private static final String BY_EMAIL =
            "select * from accounts where lower(email) = lower(:email) and email_verified";

    private static final String CREATE = """
            insert into accounts (id, username, username_key, email, email_verified, roles, claims, password, enabled)
            values (:id, :username, :key, :email, :emailVerified, :roles, cast(:claims as jsonb), :password, :enabled)
            """;

    private static final String SET_EMAIL =
            "update accounts set email = :email, email_verified = true, updated_at = now() where id = :id and enabled";

    private static final String CLOSE = """
            update accounts set enabled = false, email = null, email_verified = false, roles = '{}', claims = '{}',
                password = null, generation = generation + 1, closed_at = now(), updated_at = now()
            where id = :id
            """;

    private static final String SET_PASSWORD = """
            update accounts set password = :password, device_generation = device_generation + 1,
                generation = generation + 1, updated_at = now()
            where id = :id
            """;

    private static final String SET_ENABLED = """
            update accounts set enabled = :enabled, generation = generation + 1, updated_at = now()
            where id = :id and closed_at is null
            """;

    private static final String GENERATION = "select generation from accounts where id = :id and enabled";

    /** What was given before, by its SHA-256, is not given again. */
    private static final String IMPORT_PASSWORD = """
            update accounts set imported = sha256(:hash), updated_at = now(),
                password = case when imported is distinct from sha256(:hash) then :password else password end,
                device_generation = device_generation + case when imported is distinct from sha256(:hash) then 1 else 0 end,
                generation = generation + case when imported is distinct from sha256(:hash) then 1 else 0 end
            where id = :id
            """;

    /** A password that was changed since it was read stays. */
    private static final String REPLACE_PASSWORD =
            "update accounts set password = :password where id = :id and password = :old";

    private static final String DEVICE_TIE =
            "select id || ' ' || device_generation from accounts where username_key = :key";

    private static final String FORGET_DEVICES =
            "update accounts set device_generation = device_generation + 1 where id = :id";

    private final JdbcClient jdbc;

    AccountTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Account> byId(UUID id) {
        return jdbc.sql(BY_ID).param("id", id).query(AccountTable::account).optional();
    }

    /** The roles of those who are there and enabled. */
    Map<UUID, List<String>> roles(Set<UUID> ids) {
        return jdbc
                .sql(ROLES)
                .param(ids.stream().map(UUID::toString).toArray(String[]::new))
                .query((row, _) -> Map.entry(row.getObject(1, UUID.class), Arrays.asList((String[])
                        row.getArray(2).getArray())))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    Optional<Account> byName(UsernameKey key) {
        return jdbc.sql(BY_NAME)
                .param("key", key.value())
                .query(AccountTable::account)
                .optional();
    }

    Optional<Account> byEmail(String email) {
        return jdbc.sql(BY_EMAIL)
                .param("email", email)
                .query(AccountTable::account)
                .optional();
    }

    Credentials credentials(UsernameKey key) {
        return jdbc.sql(CREDENTIALS)
                .param("key", key.value())
                .query((row, _) -> new Credentials(row.getObject("id", UUID.class), row.getString("password")))
                .single();
    }

    void create(Account account, UsernameKey key, String password) {
        described(CREATE, account, key).param("password", password).update();
    }

    void setVerifiedEmail(UUID id, String email) {
        jdbc.sql(SET_EMAIL).param("id", id).param("email", email).update();
    }

    void close(UUID id) {
        jdbc.sql(CLOSE).param("id", id).update();
    }

    void save(Account account, UsernameKey key) {
        described(SAVE, account, key).update();
    }

    private JdbcClient.StatementSpec described(String sql, Account account, UsernameKey key) {
        return jdbc.sql(sql)
                .param("id", UUID.fromString(account.id()))
                .param("username", account.username())
                .param("key", key.value())
                .param("email", account.email())
                .param("emailVerified", account.emailVerified())
                .param("roles", account.roles().toArray(String[]::new))
                .param("claims", JSON.writeValueAsString(account.claims()))
                .param("enabled", account.enabled());
    }

    /** Whether there is such an account. */
    boolean setPassword(UUID id, String hash) {
        return jdbc.sql(SET_PASSWORD).param("id", id).param("password", hash).update() == 1;
    }

    /** Whether there is such an account that was not closed. */
    boolean setEnabled(UUID id, boolean enabled) {
        return jdbc.sql(SET_ENABLED).param("id", id).param("enabled", enabled).update() == 1;
    }

    Optional<Long> generation(UUID id) {
        return jdbc.sql(GENERATION).param("id", id).query(Long.class).optional();
    }

    /** Whether there is such an account. */
    boolean importPassword(UUID id, String hash) {
        return jdbc.sql(IMPORT_PASSWORD)
                        .param("id", id)
                        .param("hash", hash.getBytes(StandardCharsets.US_ASCII))
                        .param("password", hash)
                        .update()
                == 1;
    }

    Optional<String> deviceTie(UsernameKey key) {
        return jdbc.sql(DEVICE_TIE)
                .param("key", key.value())
                .query(String.class)
                .optional();
    }

    void forgetDevices(UUID id) {
        jdbc.sql(FORGET_DEVICES).param("id", id).update();
    }

    void replacePassword(UUID id, String old, String hash) {
        jdbc.sql(REPLACE_PASSWORD)
                .param("id", id)
                .param("old", old)
                .param("password", hash)
                .update();
    }

    private static Account account(ResultSet row, int number) throws SQLException {
        return new Account(
                row.getString("id"),
                row.getString("username"),
                row.getString("email"),
                row.getBoolean("email_verified"),
                Arrays.asList((String[]) row.getArray("roles").getArray()),
                JSON.readValue(row.getString("claims"), CLAIMS),
                row.getBoolean("enabled"));
    }

    /** What a password is checked against: nothing when there is no such account, or it is closed or has no password. */
    record Credentials(@Nullable UUID id, @Nullable String password) {
        static final Credentials NONE = new Credentials(null, null);

        @Override
        public String toString() {
            return String.valueOf(id);
        }
    }
}
