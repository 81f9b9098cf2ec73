package dev.gatehouse.server.protocol;

import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.session.LoginSession;
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

    private final RandomIds ids;

    AuthorizationGrants(AuthorizationCodes codes, SecureRandom random) {
        this.codes = codes;
        this.ids = new RandomIds(random);
    }

    Grant begin(AuthorizationRequest asked, LoginSession login) {
        return new Grant(
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
    }

    Secret code(AuthorizationRequest asked, Grant grant) {
        ReturnAddress returnTo = asked.returnTo();
        return codes.issue(new Pending(grant, returnTo.redirectUri(), returnTo.given(), asked.codeChallenge()));
    }
}
