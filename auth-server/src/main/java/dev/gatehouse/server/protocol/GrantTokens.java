package dev.gatehouse.server.protocol;

import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.client.Api;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.token.AccessToken;
import dev.gatehouse.server.token.AccessTokenRequest;
import dev.gatehouse.server.token.AccessTokens;
import dev.gatehouse.server.token.Grant;
import dev.gatehouse.server.token.IssueMoment;
import dev.gatehouse.server.token.Person;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The tokens of what a person has granted a client: for its code, and again for each refresh. */
@Component
final class GrantTokens {
    private final TargetApis targets;

    private final Accounts accounts;

    private final AccessTokens accessTokens;

    private final IdTokens idTokens;

    GrantTokens(TargetApis targets, Accounts accounts, AccessTokens accessTokens, IdTokens idTokens) {
        this.targets = targets;
        this.accounts = accounts;
        this.accessTokens = accessTokens;
        this.idTokens = idTokens;
    }

    /** A grant that may be acted on, for whom and what. */
    record Order(Client client, Grant grant, List<String> roles, Api api, Scopes scopes) {}

    /**
     * Checks what is asked for against the grant.
     *
     * @throws OAuthException {@code invalid_target}, {@code invalid_scope}, or {@code invalid_grant} when the person is
     *     no longer enabled
     */
    Order check(Client client, Grant grant, Optional<String> resource, Optional<Scopes> requested) {
        Api api =
                targets.of(client, resource.or(() -> grant.audiences().stream().findFirst()));
        if (!grant.audiences().contains(api.audience())) {
            throw new OAuthException(OAuthError.INVALID_TARGET, "the person has not granted this resource");
        }
        Scopes wanted = requested.orElse(grant.scopes());
        if (!grant.scopes().containsAll(wanted)) {
            throw new OAuthException(OAuthError.INVALID_SCOPE, "the person has not granted this scope");
        }
        List<String> roles = accounts.rolesOf(grant.accountId())
                .orElseThrow(() -> new OAuthException(
                        OAuthError.INVALID_GRANT, "the grant is no longer good", "account is disabled"));
        Scopes scopes = TargetApis.within(api, wanted.intersect(client.scopes()));
        return new Order(client, grant, roles, api, scopes);
    }

    /** Issues what was checked. The same order, jti and moment give the same tokens. */
    IssuedTokens issue(Order order, String jti, IssueMoment moment, @Nullable Secret refreshToken) {
        Grant grant = order.grant();
        Person person = new Person(grant.sid(), grant.authTime(), grant.acr(), grant.amr(), order.roles());
        AccessToken accessToken = accessTokens.issue(new AccessTokenRequest(
                jti,
                moment,
                grant.accountId(),
                grant.clientId(),
                order.api().audience(),
                order.scopes(),
                order.api().signingAlgorithm(),
                person,
                refreshToken == null ? null : grant.id(),
                null));
        Secret idToken = order.scopes().contains("openid")
                ? idTokens.issue(
                        order.client(), grant, moment.at(), accessToken.value().value())
                : null;
        return new IssuedTokens(accessToken, refreshToken, idToken, null);
    }
}
