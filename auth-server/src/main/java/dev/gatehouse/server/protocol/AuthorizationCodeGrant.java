package dev.gatehouse.server.protocol;

import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.revocation.Revocations;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.standby.Standby;
import dev.gatehouse.server.token.AccessTokenLifetime;
import dev.gatehouse.server.token.AccessTokens;
import dev.gatehouse.server.token.AuthorizationCodes;
import dev.gatehouse.server.token.AuthorizationCodes.Claimed;
import dev.gatehouse.server.token.AuthorizationCodes.ClaimedBefore;
import dev.gatehouse.server.token.AuthorizationCodes.NoSuchCode;
import dev.gatehouse.server.token.AuthorizationCodes.Pending;
import dev.gatehouse.server.token.Grant;
import dev.gatehouse.server.token.IssueMoment;
import dev.gatehouse.server.token.RefreshTokens;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The authorization code grant, RFC 6749 section 4.1.3, with PKCE, RFC 7636.
 *
 * <p>The code is looked at first, so that a request that proves nothing leaves it as it was; then it is claimed by one atomic
 * step, and only then is anything issued. While Redis is away that is everything but a refresh token, RFC 6749 section 5.1.
 */
@Component
final class AuthorizationCodeGrant implements TokenGrant {
    private final AuthorizationCodes codes;

    private final GrantTokens grantTokens;

    private final AccessTokens accessTokens;

    private final AccessTokenLifetime lifetime;

    private final RefreshTokens refreshTokens;

    private final LoginSessions sessions;

    private final Revocations revocations;

    private final Standby standby;

    private final InstantSource clock;

    AuthorizationCodeGrant(
            AuthorizationCodes codes,
            GrantTokens grantTokens,
            AccessTokens accessTokens,
            AccessTokenLifetime lifetime,
            RefreshTokens refreshTokens,
            LoginSessions sessions,
            Revocations revocations,
            Standby standby,
            InstantSource clock) {
        this.codes = codes;
        this.grantTokens = grantTokens;
        this.accessTokens = accessTokens;
        this.lifetime = lifetime;
        this.refreshTokens = refreshTokens;
        this.sessions = sessions;
        this.revocations = revocations;
        this.standby = standby;
        this.clock = clock;
    }

    @Override
    public String type() {
        return Client.AUTHORIZATION_CODE;
    }

    @Override
    public IssuedTokens issue(Client client, Form form, IssueMoment moment) {
        String code = form.require("code");
        Pending pending = codes.peek(code).orElseThrow(() -> invalid("code is unknown"));
        checkProofs(client, form, pending);
        GrantTokens.Order order = grantTokens.check(client, pending.grant(), form.resource(), Optional.empty());
        boolean refreshable = client.mayUse(Client.REFRESH_TOKEN) && !standby.isNeeded();
        String jti = accessTokens.newJti();
        return switch (codes.claim(code, jti, refreshable)) {
            case Claimed _ ->
                grantTokens.issue(
                        order,
                        jti,
                        moment,
                        refreshable ? refreshToken(pending.grant()) : attached(pending.grant(), jti));
            case ClaimedBefore before -> {
                revoke(before);
                throw invalid("code was used before");
            }
            case NoSuchCode _ -> throw invalid("code is unknown");
        };
    }

    private static void checkProofs(Client client, Form form, Pending pending) {
        if (!pending.grant().clientId().equals(client.id())) {
            throw invalid("code is another client's");
        }
        String redirectUri =
                form.get("redirect_uri").orElse(pending.redirectUriWasGiven() ? "" : pending.redirectUri());
        if (!redirectUri.equals(pending.redirectUri())) {
            throw invalid("redirect_uri differs");
        }
        if (!CodeVerifier.proves(form.get("code_verifier"), pending.codeChallenge())) {
            throw invalid("code_verifier does not fit");
        }
    }

    /** Begins the family before it is tied to the login, so that a log-out at the same moment finds it or stops it. */
    private Secret refreshToken(Grant grant) {
        Secret first = refreshTokens.begin(grant.withoutNonce());
        if (grant.sid() != null && !sessions.attachGrant(grant.sid(), grant.id(), grant.clientId())) {
            refreshTokens.end(grant.id());
            throw invalid("the login has ended");
        }
        return first;
    }

    /** The token is known by its login, so that whoever withdraws their consent ends it too. */
    private @Nullable Secret attached(Grant grant, String jti) {
        Instant expires = clock.instant().plus(lifetime.longest());
        if (grant.sid() != null && !sessions.attachToken(grant.sid(), jti, grant.clientId(), expires)) {
            throw invalid("the login has ended");
        }
        return null;
    }

    /** What the first redeemer got is taken back: one of the two is a thief. */
    private void revoke(ClaimedBefore before) {
        if (before.refreshable()) {
            revocations.revokeGrant(before.pending().grant().id());
        } else {
            revocations.revokeToken(before.jti(), clock.instant().plus(lifetime.longest()));
        }
    }

    private static OAuthException invalid(String auditReason) {
        return new OAuthException(
                OAuthError.INVALID_GRANT,
                "the code is unknown, expired or used, or the request does not fit it",
                auditReason);
    }
}
