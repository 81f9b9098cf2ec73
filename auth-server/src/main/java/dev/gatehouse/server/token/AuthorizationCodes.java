package dev.gatehouse.server.token;

import dev.gatehouse.server.oauth.Secret;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Authorization codes, RFC 6749 section 4.1: short-lived, claimed by one atomic step, stored as digests. */
public interface AuthorizationCodes {
    /** A code for this grant, good for 60 s. */
    Secret issue(Pending pending);

    /** What the code stands for, used or not, without claiming it; empty when it is unknown or expired. */
    Optional<Pending> peek(String code);

    /**
     * Claims the code. Of any number of callers exactly one gets {@link Claimed}; a later one learns what the first was
     * given, so that it can be revoked.
     *
     * @param jti the access token that the caller will issue if the code is theirs
     * @param refreshable whether the caller will begin a refresh token family under the grant's id
     */
    Claim claim(String code, String jti, boolean refreshable);

    /** A grant that waits for its code to be redeemed, and what the redeemer must prove. */
    record Pending(
            Grant grant,
            String redirectUri,
            boolean redirectUriWasGiven,
            @Nullable String codeChallenge) {}

    /** How a claim ended. */
    sealed interface Claim {}

    /** The code was fresh and is now used. */
    record Claimed(Pending pending) implements Claim {}

    /** The code was used before: what its first redeemer got must be revoked. */
    record ClaimedBefore(Pending pending, String jti, boolean refreshable) implements Claim {}

    /** No such code. */
    record NoSuchCode() implements Claim {}
}
