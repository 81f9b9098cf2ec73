package dev.gatehouse.server.protocol;

import dev.gatehouse.server.Invariants;
import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.token.AuthorizationCodes;
import dev.gatehouse.server.token.AuthorizationCodes.Pending;
import dev.gatehouse.server.token.Grant;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.stereotype.Component;

/** Codes as the authorization endpoint leaves them when alice has logged in, for tests that begin at the token endpoint. */
@Component
final class GrantedCodes {
    static final String REDIRECT_URI = "http://127.0.0.1:8765/callback";

    /** The example of RFC 7636 appendix B. */
    static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private final AuthorizationCodes codes;

    private final Accounts accounts;

    GrantedCodes(AuthorizationCodes codes, Accounts accounts) {
        this.codes = codes;
        this.accounts = accounts;
    }

    String forClient(String clientId, String scope) {
        Account alice = accounts.findByUsername("alice").orElseThrow();
        byte[] id = new byte[16];
        ThreadLocalRandom.current().nextBytes(id);
        Grant grant = new Grant(
                Base64.getUrlEncoder().withoutPadding().encodeToString(id),
                clientId,
                alice.id(),
                null,
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                "1",
                List.of("pwd"),
                Scopes.parse(scope),
                List.of("http://localhost:8081"),
                "n-0S6_WzA2Mj");
        Secret code = codes.issue(new Pending(grant, REDIRECT_URI, true, CHALLENGE));
        return Invariants.keepSecret(code.value());
    }
}
