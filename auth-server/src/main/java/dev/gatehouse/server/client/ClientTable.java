package dev.gatehouse.server.client;

import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.oauth.Scopes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The tables {@code clients} and {@code client_secrets}. The exchange policy is JSON: {@code {"orders:read": ["stock:read"]}}. */
final class ClientTable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final TypeReference<Map<String, List<String>>> EXCHANGE = new TypeReference<>() {};

    private static final String FIND = """
            select *, array(select digest from client_secrets where client_id = clients.id order by slot) as digests
            from clients where id = :id
            """;

    private static final String SAVE = """
            insert into clients (id, name, authentication, grants, redirect_uris, post_logout_redirect_uris, scopes,
                audience, consent, require_pkce, serves, exchange, rate_limited,
                id_token_signing_algorithm, require_second_factor,
                backchannel_logout_uri, backchannel_logout_session_required)
            values (:id, :name, :authentication, :grants, :redirects, :postLogoutRedirects, :scopes,
                :audience, :consent, :requirePkce, :serves, cast(:exchange as jsonb), :rateLimited, :idTokenAlgorithm,
                :requireSecondFactor, :backchannelLogout, :backchannelSession)
            on conflict (id) do update set name = excluded.name, authentication = excluded.authentication,
                grants = excluded.grants, redirect_uris = excluded.redirect_uris,
                post_logout_redirect_uris = excluded.post_logout_redirect_uris, scopes = excluded.scopes,
                audience = excluded.audience, consent = excluded.consent, require_pkce = excluded.require_pkce,
                serves = excluded.serves, exchange = excluded.exchange, rate_limited = excluded.rate_limited,
                id_token_signing_algorithm = excluded.id_token_signing_algorithm,
                require_second_factor = excluded.require_second_factor,
                backchannel_logout_uri = excluded.backchannel_logout_uri,
                backchannel_logout_session_required = excluded.backchannel_logout_session_required,
                updated_at = now()
            """;

    private static final String SET_SECRET = """
            with others as (delete from client_secrets where client_id = :id and slot <> 1)
            insert into client_secrets (client_id, slot, digest) values (:id, 1, :digest)
            on conflict (client_id, slot) do update
                set digest = excluded.digest, created_at = now(), last_used_at = null
                where client_secrets.digest <> excluded.digest
            """;

    private final JdbcClient jdbc;

    ClientTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<RegisteredClient> find(String id) {
        return jdbc.sql(FIND).param("id", id).query(ClientTable::registered).optional();
    }

    void save(Client client) {
        jdbc.sql(SAVE)
                .param("id", client.id())
                .param("name", client.name())
                .param("authentication", client.authentication().value())
                .param("grants", array(client.grants()))
                .param("redirects", array(client.redirectUris()))
                .param("postLogoutRedirects", array(client.postLogoutRedirectUris()))
                .param("scopes", array(client.scopes().values()))
                .param("audience", client.audience())
                .param("consent", client.consent())
                .param("requirePkce", client.requirePkce())
                .param("serves", array(client.serves()))
                .param("exchange", exchange(client.exchange()))
                .param("rateLimited", client.rateLimited())
                .param("idTokenAlgorithm", SigningAlgorithm.valueOrNull(client.idTokenAlgorithm()))
                .param("requireSecondFactor", client.requireSecondFactor())
                .param("backchannelLogout", client.backchannelLogoutUri())
                .param("backchannelSession", client.backchannelLogoutSessionRequired())
                .update();
    }

    void setSecret(String id, byte[] digest) {
        jdbc.sql(SET_SECRET).param("id", id).param("digest", digest).update();
    }

    private static RegisteredClient registered(ResultSet row, int number) throws SQLException {
        Client client = new Client(
                row.getString("id"),
                row.getString("name"),
                AuthenticationMethod.valueOf(row.getString("authentication").toUpperCase(Locale.ROOT)),
                Set.copyOf(list(row, "grants")),
                list(row, "redirect_uris"),
                list(row, "post_logout_redirect_uris"),
                Scopes.of(list(row, "scopes")),
                row.getString("audience"),
                row.getBoolean("consent"),
                row.getBoolean("require_pkce"),
                Set.copyOf(list(row, "serves")),
                exchange(row.getString("exchange")),
                row.getBoolean("rate_limited"),
                SigningAlgorithm.orNull(row.getString("id_token_signing_algorithm")),
                row.getBoolean("require_second_factor"),
                row.getString("backchannel_logout_uri"),
                row.getBoolean("backchannel_logout_session_required"));
        return new RegisteredClient(
                client, Arrays.asList((byte[][]) row.getArray("digests").getArray()));
    }

    private static List<String> list(ResultSet row, String column) throws SQLException {
        return Arrays.asList((String[]) row.getArray(column).getArray());
    }

    private static String[] array(Collection<String> values) {
        return values.toArray(String[]::new);
    }

    private static String exchange(Map<String, Scopes> policy) {
        Map<String, Object> sorted = new TreeMap<>();
        policy.forEach((scope, targets) -> sorted.put(scope, targets.values()));
        return JSON.writeValueAsString(sorted);
    }

    private static Map<String, Scopes> exchange(String json) {
        return JSON.readValue(json, EXCHANGE).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> Scopes.of(entry.getValue())));
    }
}
