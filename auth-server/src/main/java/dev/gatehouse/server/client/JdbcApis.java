package dev.gatehouse.server.client;

import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.Scopes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** APIs in the table {@code apis}, with what was read last in memory. The issuer itself is no row: nobody can change its scopes. */
@Component
final class JdbcApis implements Apis {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final TypeReference<Map<String, Map<String, String>>> TEXTS = new TypeReference<>() {};

    private static final int LONGEST = 2000;

    private static final String FIND =
            "select audience, scopes, signing_algorithm, scope_texts from apis where audience = :audience";

    private static final String ALL =
            "select audience, scopes, signing_algorithm, scope_texts from apis order by audience";

    private static final String SAVE = """
            insert into apis (audience, scopes, signing_algorithm, scope_texts)
            values (:audience, :scopes, :algorithm, cast(:texts as jsonb))
            on conflict (audience) do update set scopes = excluded.scopes,
                signing_algorithm = excluded.signing_algorithm, scope_texts = excluded.scope_texts, updated_at = now()
            """;

    private final JdbcClient jdbc;

    private final Api issuer;

    private final Recent<Api> recent;

    JdbcApis(JdbcClient jdbc, Issuer issuer, InstantSource clock) {
        this.jdbc = jdbc;
        this.issuer = new Api(issuer.value(), Scopes.of(Api.ADMIN_SCOPE), null);
        this.recent = new Recent<>(this::read, clock);
    }

    @Override
    public Optional<Api> find(String audience) {
        if (audience.equals(issuer.audience())) {
            return Optional.of(issuer);
        }
        return audience.length() <= LONGEST && audience.indexOf('\0') < 0 ? recent.get(audience) : Optional.empty();
    }

    @Override
    public List<Api> all() {
        List<Api> all = new ArrayList<>(List.of(issuer));
        all.addAll(jdbc.sql(ALL).query(JdbcApis::api).list());
        return List.copyOf(all);
    }

    @Override
    public void save(Api api) {
        if (api.audience().equals(issuer.audience())) {
            throw new IllegalArgumentException("the issuer's own audience is there already, and takes no scopes");
        }
        jdbc.sql(SAVE)
                .param("audience", api.audience())
                .param("scopes", api.scopes().values().toArray(String[]::new))
                .param("algorithm", SigningAlgorithm.valueOrNull(api.signingAlgorithm()))
                .param("texts", JSON.writeValueAsString(api.texts().texts()))
                .update();
        recent.forget(api.audience());
    }

    @Override
    public boolean allowed(Client client, Api api) {
        return api.audience().equals(client.audience())
                || !api.scopes().intersect(client.scopes()).isEmpty()
                || (api.audience().equals(issuer.audience()) && !client.isPublic());
    }

    private Optional<Api> read(String audience) {
        return jdbc.sql(FIND).param("audience", audience).query(JdbcApis::api).optional();
    }

    private static Api api(ResultSet row, int number) throws SQLException {
        return new Api(
                row.getString("audience"),
                Scopes.of(Arrays.asList((String[]) row.getArray("scopes").getArray())),
                SigningAlgorithm.orNull(row.getString("signing_algorithm")),
                new ScopeTexts(JSON.readValue(row.getString("scope_texts"), TEXTS)));
    }
}
