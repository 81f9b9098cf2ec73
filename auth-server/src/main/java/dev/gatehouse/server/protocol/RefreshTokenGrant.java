package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.Api;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.token.AccessTokens;
import dev.gatehouse.server.token.Grant;
import dev.gatehouse.server.token.IssueMoment;
import dev.gatehouse.server.token.RefreshTokens;
import dev.gatehouse.server.token.RefreshTokens.OnOtherTerms;
import dev.gatehouse.server.token.RefreshTokens.Replayed;
import dev.gatehouse.server.token.RefreshTokens.Reused;
import dev.gatehouse.server.token.RefreshTokens.Rotated;
import dev.gatehouse.server.token.RefreshTokens.Rotation;
import dev.gatehouse.server.token.RefreshTokens.Terms;
import dev.gatehouse.server.token.RefreshTokens.Unknown;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * The refresh token grant with rotation and reuse detection, RFC 6749 section 6 and RFC 9700 section 4.14.
 *
 * <p>A refused request does not cost the client its token: the rotation, which is one step, is told what was asked for and
 * leaves a token alone whose grant has not got that. Only a person who is no longer enabled is refused after it.
 */
@Component
final class RefreshTokenGrant implements TokenGrant {
    private final RefreshTokens refreshTokens;

    private final TargetApis targets;

    private final GrantTokens grantTokens;

    private final AccessTokens accessTokens;

    private final RefreshTokenReuse reuse;

    RefreshTokenGrant(
            RefreshTokens refreshTokens,
            TargetApis targets,
            GrantTokens grantTokens,
            AccessTokens accessTokens,
            RefreshTokenReuse reuse) {
        this.refreshTokens = refreshTokens;
        this.targets = targets;
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
        Asked asked = new Asked(client, form.resource(), form.get("scope").map(Scopes::parse));
        Rotation rotation = refreshTokens.rotate(presented, terms(asked), moment.position());
        if (rotation instanceof OnOtherTerms(Grant grant)) {
            Api api = check(asked, grant).api();
            rotation = refreshTokens.rotate(presented, asked.terms(api.audience(), true), moment.position());
        }
        return switch (rotation) {
            case Rotated(Grant grant, Secret successor, IssueMoment at) -> answer(check(asked, grant), successor, at);
            case Replayed(Grant grant, Secret successor, IssueMoment at) -> // an honest retry
                answer(check(asked, grant), successor, at);
            case Reused reused -> {
                reuse.endAllOf(reused.grant()); // thief and owner look alike from here: both log in again
                throw invalid("used before");
            }
            case OnOtherTerms _, Unknown _ -> throw invalid("unknown");
        };
    }

    /** What the request says, to be held against a grant. */
    private record Asked(Client client, Optional<String> resource, Optional<Scopes> scopes) {
        Terms terms(String audience, boolean audienceWasAsked) {
            return new Terms(client.id(), audience, audienceWasAsked, scopes.orElse(Scopes.none()));
        }
    }

    /** A client that may not reach its API has no terms that any grant fits. */
    private Terms terms(Asked asked) {
        String audience = targets.find(asked.client(), asked.resource())
                .map(Api::audience)
                .orElse("");
        return asked.terms(audience, asked.resource().isPresent());
    }

    private GrantTokens.Order check(Asked asked, Grant grant) {
        return grantTokens.check(asked.client(), grant, asked.resource(), asked.scopes());
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
