package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.Api;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.revocation.RevocationRules;
import dev.gatehouse.server.token.AccessToken;
import dev.gatehouse.server.token.AccessTokenClaims;
import dev.gatehouse.server.token.AccessTokenRequest;
import dev.gatehouse.server.token.AccessTokens;
import dev.gatehouse.server.token.IssueMoment;
import dev.gatehouse.server.token.Person;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Token exchange, RFC 8693: a client that was called with a token gets one to call on with. The new token speaks for the same
 * subject, says who acts, and is never wider or longer-lived than what the first one entitles to.
 */
@Component
final class TokenExchangeGrant implements TokenGrant {
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    private static final Set<String> TOKEN_TYPES = Set.of(ACCESS_TOKEN, "urn:ietf:params:oauth:token-type:jwt");

    /** A longer line of services than this is a loop. */
    private static final int MAX_ORIGINS = 8;

    private final AccessTokens accessTokens;

    private final RevocationRules rules;

    private final TargetApis targets;

    TokenExchangeGrant(AccessTokens accessTokens, RevocationRules rules, TargetApis targets) {
        this.accessTokens = accessTokens;
        this.rules = rules;
        this.targets = targets;
    }

    @Override
    public String type() {
        return Client.TOKEN_EXCHANGE;
    }

    @Override
    public IssuedTokens issue(Client client, Form form, IssueMoment moment) {
        checkTypes(form);
        AccessTokenClaims subject = subject(client, form.require("subject_token"));
        Api api = targets.of(client, target(form));
        Scopes scopes = scopes(client, subject, api, form.get("scope").map(Scopes::parse));
        AccessToken issued = accessTokens.issue(new AccessTokenRequest(
                accessTokens.newJti(),
                moment,
                subject.subject(),
                client.id(),
                api.audience(),
                scopes,
                api.signingAlgorithm(),
                person(subject),
                subject.grantId(),
                subject));
        return new IssuedTokens(issued, null, null, ACCESS_TOKEN);
    }

    private static void checkTypes(Form form) {
        if (!TOKEN_TYPES.contains(form.require("subject_token_type"))) {
            throw invalid("subject_token_type must be " + ACCESS_TOKEN);
        }
        if (!TOKEN_TYPES.contains(form.get("requested_token_type").orElse(ACCESS_TOKEN))) {
            throw invalid("requested_token_type must be " + ACCESS_TOKEN);
        }
        if (form.get("actor_token").isPresent() || form.get("actor_token_type").isPresent()) {
            throw invalid("actor tokens are not supported: the client itself is the actor");
        }
    }

    private AccessTokenClaims subject(Client client, String token) {
        AccessTokenClaims subject = accessTokens
                .read(token)
                .filter(claims -> !rules.refuses(claims))
                .orElseThrow(() -> invalid("the subject token is not valid"));
        if (subject.audience().stream().noneMatch(client.serves()::contains)) {
            throw invalid("the subject token is not meant for this client");
        }
        if (subject.origin().size() >= MAX_ORIGINS) {
            throw invalid("the subject token was exchanged too often");
        }
        return subject;
    }

    /** RFC 8693 lets the target be named as {@code resource} or as {@code audience}; for us they are the same. */
    private static Optional<String> target(Form form) {
        Optional<String> resource = form.resource();
        Optional<String> audience = form.get("audience");
        if (resource.isPresent() && audience.isPresent() && !resource.equals(audience)) {
            throw new OAuthException(OAuthError.INVALID_TARGET, "resource and audience name different targets");
        }
        return resource.or(() -> audience);
    }

    private static Scopes scopes(Client client, AccessTokenClaims subject, Api api, Optional<Scopes> requested) {
        Scopes entitled = subject.scopes();
        for (String scope : subject.scopes().values()) {
            entitled = entitled.union(client.exchange().getOrDefault(scope, Scopes.none()));
        }
        Scopes possible = client.scopes().intersect(api.scopes());
        if (requested.isEmpty()) {
            return subject.scopes().intersect(possible);
        }
        if (!entitled.intersect(possible).containsAll(requested.get())) {
            throw new OAuthException(
                    OAuthError.INVALID_SCOPE, "the subject token does not entitle this client to this scope there");
        }
        return requested.get();
    }

    /** Absent when the subject is a client. */
    private static @Nullable Person person(AccessTokenClaims subject) {
        if (!(subject.all().get("auth_time") instanceof Number authTime)) {
            return null;
        }
        return new Person(
                subject.sid(),
                Instant.ofEpochSecond(authTime.longValue()),
                String.valueOf(subject.all().get("acr")),
                strings(subject.all().get("amr")),
                strings(subject.all().get("roles")));
    }

    private static List<String> strings(@Nullable Object claim) {
        return claim instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static OAuthException invalid(String description) {
        return new OAuthException(OAuthError.INVALID_REQUEST, description);
    }
}
