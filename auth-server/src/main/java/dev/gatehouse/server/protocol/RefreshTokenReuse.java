package dev.gatehouse.server.protocol;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.login.AccountLetters;
import dev.gatehouse.server.revocation.Revocations;
import dev.gatehouse.server.revocation.SignOuts;
import dev.gatehouse.server.token.Grant;
import dev.gatehouse.server.token.TokenProperties;
import dev.gatehouse.server.token.TokenProperties.ReuseEnds;
import org.springframework.stereotype.Component;

/**
 * What ends when a refresh token comes back that was used before: one of the two who had it is a thief. Only a token that was once
 * genuine gets here, for each bears a MAC, so that nobody can log people out by inventing one.
 *
 * <p>The family, by which it was seen, ends last: whatever a server that dies in between leaves undone, the next presentation does.
 */
@Component
final class RefreshTokenReuse {
    private static final String REASON = "refresh-token-reuse";

    private final SignOuts signOuts;

    private final Revocations revocations;

    private final Accounts accounts;

    private final AccountLetters letters;

    private final ReuseEnds ends;

    RefreshTokenReuse(
            SignOuts signOuts,
            Revocations revocations,
            Accounts accounts,
            AccountLetters letters,
            TokenProperties properties) {
        this.signOuts = signOuts;
        this.revocations = revocations;
        this.accounts = accounts;
        this.letters = letters;
        this.ends = properties.refreshTokenReuseEnds();
    }

    void endAllOf(Grant grant) {
        Account person = accounts.findById(grant.accountId()).orElse(null);
        if (person == null || ends == ReuseEnds.FAMILY) {
            revocations.revokeGrant(grant.id());
            return;
        }
        if (grant.sid() == null) {
            signOuts.everywhere(person.id(), REASON);
        } else {
            signOuts.everywhereAfterTheft(person.id(), grant.sid(), REASON);
        }
        revocations.revokeGrant(grant.id());
        letters.warn(person, REASON);
    }
}
