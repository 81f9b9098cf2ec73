package dev.gatehouse.server.token;

import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.oauth.Secret;
import java.time.Instant;
import java.util.Optional;

/** Refresh token families: issue, rotate, detect reuse. RFC 6749 section 6, RFC 9700 section 4.14. */
public interface RefreshTokens {
    /** Begins the family of this grant and returns its first token; of a family that was ended already a dead one. */
    Secret begin(Grant grant);

    /**
     * Presents a token for rotation; one atomic decision.
     *
     * @param terms what it is to be rotated for; a token of another grant than that stays as it is
     * @param position where the revocation log stood when the request came; an honest retry is told the first one's
     */
    Rotation rotate(String presented, Terms terms, String position);

    /** The family that a genuine token of any generation belongs to, while the family lives. */
    Optional<Presented> find(String presented);

    /** Ends the family: none of its tokens works any more. Idempotent. */
    void end(String grantId);

    /** A genuine refresh token, and whether it is the one that rotates next. */
    record Presented(Grant grant, boolean current, Instant issuedAt, Instant expiresAt) {}

    /**
     * What a rotation is for, judged before the grant is known.
     *
     * @param clientId who presents the token
     * @param audience the API that the tokens are to be for: the grant's first, or any of the grant's when it was asked for
     * @param scopes what is asked for; none for all that was granted
     */
    record Terms(String clientId, String audience, boolean audienceWasAsked, Scopes scopes) {}

    /** How a rotation ended. */
    sealed interface Rotation {}

    /** The current token was presented: here is its successor. */
    record Rotated(Grant grant, Secret successor, IssueMoment moment) implements Rotation {}

    /** An honest retry within the grace period: the same successor again, and the moment of the rotation. */
    record Replayed(Grant grant, Secret successor, IssueMoment moment) implements Rotation {}

    /** An old token: the family must be revoked. */
    record Reused(Grant grant) implements Rotation {}

    /** The current token was presented, but its grant is not on these terms: it can be presented again. */
    record OnOtherTerms(Grant grant) implements Rotation {}

    /** Not a token of ours, or its family is over, or it is another client's. */
    record Unknown() implements Rotation {}
}
