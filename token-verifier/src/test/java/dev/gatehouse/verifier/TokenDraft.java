package dev.gatehouse.verifier;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An access token in the making: valid as it begins, so that a test changes the one thing that it is about. */
public final class TokenDraft {

    private final Map<String, Object> header = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> claims = new LinkedHashMap<>();
    private AsymmetricJWK key;

    TokenDraft(String issuer, RSAKey key, Instant now) {
        this.key = key;
        header.put("typ", "at+jwt");
        header.put("alg", "RS256");
        header.put("kid", key.getKeyID());
        claims.put("iss", issuer);
        claims.put("aud", List.of(ScriptedIssuer.AUDIENCE));
        claims.put("sub", "person");
        claims.put("client_id", "web");
        claims.put("jti", "token");
        claims.put("grant_id", "grant");
        claims.put("sid", "session");
        claims.put("scope", "openid orders.read");
        claims.put("rev", "1763900000000-10");
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.getEpochSecond() + 300);
    }

    public TokenDraft with(String claim, @Nullable Object value) {
        claims.put(claim, value);
        return this;
    }

    public TokenDraft without(String... names) {
        claims.keySet().removeAll(Arrays.asList(names));
        return this;
    }

    public TokenDraft header(String name, Object value) {
        header.put(name, value);
        return this;
    }

    TokenDraft withoutHeader(String name) {
        header.remove(name);
        return this;
    }

    /** Signed by another key that says it is this one. */
    public TokenDraft forgedWith(AsymmetricJWK other) {
        key = other;
        return this;
    }

    public TokenDraft key(String kid, AsymmetricJWK signer) {
        key = signer;
        return header("kid", kid);
    }

    String content() {
        return encoded(header) + "." + encoded(claims);
    }

    public String signed() {
        return signed("SHA256withRSA");
    }

    public String signed(String algorithm) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key.toPrivateKey());
            String content = content();
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + Base64URL.encode(signature.sign());
        } catch (GeneralSecurityException | JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Signed by an algorithm, whatever the header says. */
    String signed(SignatureAlgorithm algorithm, PrivateKey signer) {
        try {
            Signature signature = algorithm.signature(null);
            signature.initSign(signer);
            String content = content();
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + Base64URL.encode(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Base64URL encoded(Map<String, ?> members) {
        return Base64URL.encode(JSONObjectUtils.toJSONString(members));
    }
}
