package dev.gatehouse.verifier;

import com.nimbusds.jose.Header;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObject;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
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

    TokenChecks(VerifierSettings settings, SigningKeys keys, InstantSource clock) {
        this.settings = settings;
        this.keys = keys;
        this.clock = clock;
    }

    CheckedToken check(@Nullable String token) throws RefusedException {
        Base64URL[] parts = split(token);
        JWSHeader header = header(parts[0]);
        VerificationKey key = checkSignature(header, parts);
        try {
            Map<String, Object> claims = JsonObject.parse(parts[1].decodeToString());
            checkClaims(claims);
            CheckedToken checked = new CheckedToken(
                    String.valueOf(token),
                    new VerifiedToken(header.toJSONObject(), claims),
                    RuleTarget.of(header.getKeyID(), claims),
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

    private Base64URL[] split(@Nullable String token) throws RefusedException {
        if (token == null || token.isEmpty()) {
            throw new RefusedException(Refusal.MALFORMED);
        }
        if (token.length() > settings.maxTokenLength()) {
            throw new RefusedException(Refusal.OVERSIZED);
        }
        refuseIf(!token.chars().allMatch(TokenChecks::isTokenCharacter), Refusal.MALFORMED);
        try {
            Base64URL[] parts = JOSEObject.split(token);
            refuseIf(parts.length != 3, Refusal.MALFORMED);
            return parts;
        } catch (ParseException notThreeParts) {
            throw new RefusedException(Refusal.MALFORMED);
        }
    }

    private JWSHeader header(Base64URL encoded) throws RefusedException {
        Header header;
        try {
            header = Header.parse(encoded);
        } catch (ParseException | RuntimeException noHeader) { // the library trips over null and the like
            throw new RefusedException(Refusal.MALFORMED);
        }
        if (!(header instanceof JWSHeader signed) || !settings.algorithms().contains(signed.getAlgorithm())) {
            throw new RefusedException(Refusal.ALGORITHM);
        }
        refuseIf(signed.getCriticalParams() != null || !signed.isBase64URLEncodePayload(), Refusal.CRITICAL_HEADER);
        refuseIf(signed.getType() == null || !TYPES.contains(signed.getType()), Refusal.TYPE);
        return signed;
    }

    private VerificationKey checkSignature(JWSHeader header, Base64URL[] parts) throws RefusedException {
        VerificationKey key = keys.find(header.getKeyID());
        if (key == null) {
            throw new RefusedException(keys.available() ? Refusal.UNKNOWN_KEY : Refusal.KEYS_UNAVAILABLE);
        }
        refuseIf(!key.serves(header.getAlgorithm()), Refusal.ALGORITHM);
        byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
        try {
            refuseIf(!isCanonical(parts[2]) || !key.verifies(header, signed, parts[2]), Refusal.SIGNATURE);
            return key;
        } catch (JOSEException unverifiable) {
            throw new RefusedException(Refusal.SIGNATURE);
        }
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

    /** The unused bits of the last character are zero, so that one token has one text. */
    private static boolean isCanonical(Base64URL signature) {
        return Base64URL.encode(signature.decode()).equals(signature);
    }

    private static boolean isTokenCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '.';
    }

    private static void refuseIf(boolean bad, Refusal reason) throws RefusedException {
        if (bad) {
            throw new RefusedException(reason);
        }
    }
}
