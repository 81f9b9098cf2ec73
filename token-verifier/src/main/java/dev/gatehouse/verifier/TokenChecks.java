package dev.gatehouse.verifier;

import com.nimbusds.jose.Header;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be told from a token and the issuer's keys alone, RFC 9068 section 4: first what the header promises, then
 * the signature, then the claims. Keys come from the issuer only; what a header brings along ({@code jwk}, {@code jku},
 * {@code x5c}) is not looked at.
 */
final class TokenChecks {

    private static final Set<JOSEObjectType> TYPES =
            Set.of(new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"));

    /** The end of the year 9999; later times are too large for some who read them. */
    private static final long LATEST_SECOND = 253_402_300_799L;

    private final VerifierSettings settings;
    private final SigningKeys keys;
    private final InstantSource clock;
    private final SignedHeaders headers = new SignedHeaders();

    TokenChecks(VerifierSettings settings, SigningKeys keys, InstantSource clock) {
        this.settings = settings;
        this.keys = keys;
        this.clock = clock;
    }

    CheckedToken check(@Nullable String text) throws RefusedException {
        CompactToken token = compact(text);
        SignedHeader header = header(token);
        VerificationKey key = checkSignature(header, token);
        headers.keep(header);
        try {
            Map<String, Object> claims = JsonObject.parse(token.claims());
            checkClaims(claims);
            CheckedToken checked = new CheckedToken(
                    String.valueOf(text),
                    new VerifiedToken(header.members(), JsonObject.frozen(claims)),
                    RuleTarget.of(header.kid(), claims),
                    key,
                    notBefore(claims),
                    seconds(claims, "exp"));
            checkTime(checked);
            return checked;
        } catch (ParseException notAnAccessToken) {
            throw new RefusedException(Refusal.MALFORMED);
        }
    }

    /** Whether a token that was good is still: its key is published as it was, and it is its time. */
    boolean stillGood(CheckedToken token) {
        return keys.publishes(token.target().kid(), token.key()) && reasonInTime(token) == null;
    }

    private CompactToken compact(@Nullable String text) throws RefusedException {
        if (text == null || text.isEmpty()) {
            throw new RefusedException(Refusal.MALFORMED);
        }
        if (text.length() > settings.maxTokenLength()) {
            throw new RefusedException(Refusal.OVERSIZED);
        }
        CompactToken token = CompactToken.of(text);
        if (token == null) {
            throw new RefusedException(Refusal.MALFORMED);
        }
        return token;
    }

    private SignedHeader header(CompactToken token) throws RefusedException {
        String encoded = token.encodedHeader();
        SignedHeader known = headers.find(encoded);
        if (known != null) {
            return known;
        }
        Header header;
        try {
            header = Header.parse(new Base64URL(encoded));
        } catch (ParseException | RuntimeException noHeader) { // the library trips over null and the like
            throw new RefusedException(Refusal.MALFORMED);
        }
        if (!(header instanceof JWSHeader signed) || !settings.algorithms().contains(signed.getAlgorithm())) {
            throw new RefusedException(Refusal.ALGORITHM);
        }
        refuseIf(signed.getCriticalParams() != null || !signed.isBase64URLEncodePayload(), Refusal.CRITICAL_HEADER);
        refuseIf(signed.getType() == null || !TYPES.contains(signed.getType()), Refusal.TYPE);
        return new SignedHeader(encoded, signed, JsonObject.frozen(signed.toJSONObject()));
    }

    private VerificationKey checkSignature(SignedHeader header, CompactToken token) throws RefusedException {
        VerificationKey key = keys.find(header.jws().getKeyID());
        if (key == null) {
            throw new RefusedException(keys.available() ? Refusal.UNKNOWN_KEY : Refusal.KEYS_UNAVAILABLE);
        }
        refuseIf(!key.serves(header.jws().getAlgorithm()), Refusal.ALGORITHM);
        boolean good = token.isCanonical() && key.verifies(token.signed(), token.signature());
        refuseIf(!good, Refusal.SIGNATURE);
        return key;
    }

    private void checkClaims(Map<String, Object> claims) throws RefusedException, ParseException {
        refuseIf(!settings.issuer().equals(claims.get("iss")), Refusal.ISSUER);
        refuseIf(!isForUs(claims.get("aud")), Refusal.AUDIENCE);
        refuseIf(seconds(claims, "exp") <= seconds(claims, "iat"), Refusal.MALFORMED);
    }

    private void checkTime(CheckedToken token) throws RefusedException {
        Refusal reason = reasonInTime(token);
        if (reason != null) {
            throw new RefusedException(reason);
        }
    }

    private @Nullable Refusal reasonInTime(CheckedToken token) {
        long now = clock.instant().getEpochSecond();
        long skew = settings.clockSkew().toSeconds();
        if (token.expires() <= now - skew) {
            return Refusal.EXPIRED;
        }
        return token.notBefore() > now + skew ? Refusal.NOT_YET_VALID : null;
    }

    private static long notBefore(Map<String, Object> claims) throws ParseException {
        long issued = seconds(claims, "iat");
        return claims.get("nbf") == null ? issued : Math.max(issued, seconds(claims, "nbf"));
    }

    private boolean isForUs(@Nullable Object audience) {
        return audience instanceof Collection<?> audiences
                ? audiences.contains(settings.audience())
                : settings.audience().equals(audience);
    }

    private static long seconds(Map<String, Object> claims, String name) throws ParseException {
        if (claims.get(name) instanceof Number seconds
                && seconds.longValue() >= 0
                && seconds.longValue() <= LATEST_SECOND) {
            return seconds.longValue();
        }
        throw new ParseException(name + " is missing or no time", 0);
    }

    private static void refuseIf(boolean bad, Refusal reason) throws RefusedException {
        if (bad) {
            throw new RefusedException(reason);
        }
    }
}
