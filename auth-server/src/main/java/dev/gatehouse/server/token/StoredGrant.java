package dev.gatehouse.server.token;

import dev.gatehouse.server.oauth.Scopes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A grant as it stands in Redis, beside its id and its client: JSON with short names and a version, read by this release and
 * the one before and after.
 */
record StoredGrant(
        int v,
        String sub,
        @Nullable String sid,
        long at,
        String acr,
        List<String> amr,
        String scp,
        List<String> aud,
        @Nullable String non) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .changeDefaultPropertyInclusion(present ->
                    present.withValueInclusion(com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL))
            .build();

    static StoredGrant of(Grant grant) {
        return new StoredGrant(
                1,
                grant.accountId(),
                grant.sid(),
                grant.authTime().getEpochSecond(),
                grant.acr(),
                grant.amr(),
                grant.scopes().toString(),
                grant.audiences(),
                grant.nonce());
    }

    Grant grant(String id, String clientId) {
        return new Grant(id, clientId, sub, sid, Instant.ofEpochSecond(at), acr, amr, Scopes.parse(scp), aud, non);
    }

    static String write(Object value) {
        return JSON.writeValueAsString(value);
    }

    static <T> T read(String json, Class<T> type) throws JacksonException {
        return JSON.readValue(json, type);
    }
}
