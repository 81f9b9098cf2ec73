package dev.gatehouse.verifier;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What rules look at in a token: its own claims and those of the tokens that it was exchanged from. */
record RuleTarget(
        String jti,
        @Nullable String grantId,
        @Nullable String sid,
        String kid,
        String sub,
        String clientId,
        @Nullable Position rev,
        List<Origin> origins) {

    /** A token that this one was exchanged from. */
    record Origin(
            @Nullable String jti,
            @Nullable String clientId,
            @Nullable String kid) {}

    static RuleTarget of(String kid, Map<String, Object> claims) throws ParseException {
        return new RuleTarget(
                required(claims, "jti"),
                JSONObjectUtils.getString(claims, "grant_id"),
                JSONObjectUtils.getString(claims, "sid"),
                kid,
                required(claims, "sub"),
                required(claims, "client_id"),
                Position.parse(claims.get("rev")),
                origins(claims));
    }

    private static String required(Map<String, Object> claims, String name) throws ParseException {
        String value = JSONObjectUtils.getString(claims, name);
        if (value == null || value.isEmpty()) {
            throw new ParseException(name + " is missing", 0);
        }
        return value;
    }

    private static List<Origin> origins(Map<String, Object> claims) throws ParseException {
        if (claims.get("origin") == null) {
            return List.of();
        }
        Map<String, Object>[] entries = JSONObjectUtils.getJSONObjectArray(claims, "origin");
        List<Origin> origins = new ArrayList<>(entries.length);
        for (Map<String, Object> entry : Arrays.asList(entries)) {
            if (entry == null) {
                throw new ParseException("an origin that is no object", 0);
            }
            origins.add(new Origin(
                    JSONObjectUtils.getString(entry, "jti"),
                    JSONObjectUtils.getString(entry, "client_id"),
                    JSONObjectUtils.getString(entry, "kid")));
        }
        return origins;
    }
}
