package dev.gatehouse.server.revocation;

import dev.gatehouse.server.token.AccessTokenClaims;

/** The rules in force, as this issuer knows them. */
public interface RevocationRules {
    boolean refuses(AccessTokenClaims token);

    /** Whether everything signed with the key is refused. */
    boolean refusesKey(String kid);

    /** Whether this issuer followed the log within the last two seconds; when not, newer rules may be missing. */
    boolean isCurrent();
}
