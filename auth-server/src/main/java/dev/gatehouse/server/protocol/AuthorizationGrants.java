package dev.gatehouse.server.protocol;

import dev.gatehouse.server.oauth.OAuthError;
import dev.gatehouse.server.oauth.OAuthException;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.session.LoginSession;
import dev.gatehouse.server.session.LoginSessions;
import dev.gatehouse.server.token.AuthorizationCodes;
import dev.gatehouse.server.token.AuthorizationCodes.Pending;
import dev.gatehouse.server.token.Grant;
import dev.gatehouse.server.token.RandomIds;
import java.security.SecureRandom;
import org.springframework.stereotype.Component;

/** Turns a request that the person allows into a grant, and the grant into a code. */
@Component
final class AuthorizationGrants {
    private final AuthorizationCodes codes;

    private final LoginSessions logins;

    private final RandomIds ids;

    AuthorizationGrants(AuthorizationCodes codes, LoginSessions logins, SecureRandom random) {
        this.codes = codes;
        this.logins = logins;
        this.ids = new RandomIds(random);
    }

    /** A grant that hangs on the login, so that a log-out ends it even before its code is redeemed. */
    Grant begin(AuthorizationRequest asked, LoginSession login) {
        Grant grant = new Grant(
                ids.next(),
                asked.client().id(),
                login.accountId(),
                login.sid(),
                login.authTime(),
                login.acr(),
                login.amr(),
                asked.scopes(),
                asked.audiences(),
                asked.nonce());
        if (!logins.attachGrant(login.sid(), grant.id())) {
            throw new OAuthException(OAuthError.LOGIN_REQUIRED, "the person has logged out");
        }
        return grant;
    }

    Secret code(AuthorizationRequest asked, Grant grant) {
        ReturnAddress returnTo = asked.returnTo();
        return codes.issue(new Pending(grant, returnTo.redirectUri(), returnTo.given(), asked.codeChallenge()));
    }
}
