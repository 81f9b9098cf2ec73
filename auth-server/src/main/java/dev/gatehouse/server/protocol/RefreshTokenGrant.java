package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.token.AccessTokens;
import dev.gatehouse.server.token.Grant;
import dev.gatehouse.server.token.IssueMoment;
import dev.gatehouse.server.token.RefreshTokens;
import dev.gatehouse.server.token.RefreshTokens.Presented;
import dev.gatehouse.server.token.RefreshTokens.Replayed;
import dev.gatehouse.server.token.RefreshTokens.Reused;
import dev.gatehouse.server.token.RefreshTokens.Rotated;
import dev.gatehouse.server.token.RefreshTokens.Unknown;
import org.springframework.stereotype.Component;

/**
 * The refresh token grant with rotation and reuse detection, RFC 6749 section 6 and RFC 9700 section 4.14.
 *
 * <p>Everything that can be refused is refused before the rotation, so that a refused request does not cost the client its
 * token.
 */
@Component
final class RefreshTokenGrant implements TokenGrant {
    private final RefreshTokens refreshTokens;

    private final GrantTokens grantTokens;

    private final AccessTokens accessTokens;

    private final RefreshTokenReuse reuse;

    RefreshTokenGrant(
            RefreshTokens refreshTokens, GrantTokens grantTokens, AccessTokens accessTokens, RefreshTokenReuse reuse) {
        this.refreshTokens = refreshTokens;
        this.grantTokens = grantTokens;
        this.accessTokens = accessTokens;
        this.reuse = reuse;
    }

    @Override
    public String type() {
        return Client.REFRESH_TOKEN;
    }

    @Override
    public IssuedTokens issue(Client client, Form form, IssueMoment moment) {
        String presented = form.require("refresh_token");
        Grant grant = refreshTokens
                .find(presented)
                .map(Presented::grant)
                .filter(found -> found.clientId().equals(client.id()))
                .orElseThrow(() -> invalid("unknown"));
        GrantTokens.Order order = grantTokens.check(
                client, grant, form.resource(), form.get("scope").map(Scopes::parse));
        return switch (refreshTokens.rotate(presented, client.id(), moment.position())) {
            case Rotated rotated -> answer(order, rotated.successor(), rotated.moment());
            case Replayed replayed -> answer(order, replayed.successor(), replayed.moment()); // an honest retry
            case Reused reused -> {
                reuse.endAllOf(reused.grant()); // thief and owner look alike from here: both log in again
                throw invalid("used before");
            }
            case Unknown _ -> throw invalid("unknown");
        };
    }

    /** Depends on nothing but the rotation, so an honest retry is answered with the same tokens. */
    private IssuedTokens answer(GrantTokens.Order order, Secret successor, IssueMoment moment) {
        String jti = accessTokens.jtiBeside(successor, order.api().audience(), order.scopes());
        return grantTokens.issue(order, jti, moment, successor);
    }

    private static OAuthException invalid(String auditReason) {
        return new OAuthException(
                OAuthError.INVALID_GRANT,
                "the refresh token is unknown, expired, revoked or used",
                "refresh token: " + auditReason);
    }
}
