package dev.gatehouse.server.keys;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/** Signs and reads with the keys of the moment. */
final class RingSigner implements TokenSigner {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final Supplier<Ring> ring;

    private final List<SigningAlgorithm> algorithms;

    /** @param algorithms the first one is the standard */
    RingSigner(Supplier<Ring> ring, List<SigningAlgorithm> algorithms) {
        this.ring = ring;
        this.algorithms = List.copyOf(algorithms);
    }

    @Override
    public List<SigningAlgorithm> algorithms() {
        return algorithms;
    }

    @Override
    public String provider(SigningAlgorithm algorithm) {
        return active(algorithm).provider();
    }

    @Override
    public boolean signs(SigningAlgorithm algorithm) {
        SigningKey key = ring.get().active(algorithm);
        return key != null && !key.hasFailed();
    }

    @Override
    public SigningAlgorithm standard() {
        return algorithms.getFirst();
    }

    @Override
    public String sign(SigningAlgorithm algorithm, JOSEObjectType type, Map<String, Object> claims) {
        SigningKey key = active(algorithm);
        byte[] content = joined(key.header(type), JSON.writeValueAsBytes(claims));
        try {
            return new String(joined(content, key.sign(content)), StandardCharsets.ISO_8859_1);
        } catch (GeneralSecurityException | ProviderException e) {
            throw new IllegalStateException("the active key cannot sign", e);
        }
    }

    /** What is there already, a dot, and the next part in base64url. */
    private static byte[] joined(byte[] parts, byte[] next) {
        byte[] encoded = BASE64URL.encode(next);
        byte[] all = Arrays.copyOf(parts, parts.length + 1 + encoded.length);
        all[parts.length] = '.';
        System.arraycopy(encoded, 0, all, parts.length + 1, encoded.length);
        return all;
    }

    private SigningKey active(SigningAlgorithm algorithm) {
        SigningKey key = ring.get().active(algorithm);
        if (key == null) {
            throw new IllegalStateException("no key signs by " + algorithm.value());
        }
        return key;
    }

    @Override
    public boolean knows(String kid) {
        return ring.get().known(kid) != null;
    }

    @Override
    public Optional<JWSObject> read(String token, JOSEObjectType type) {
        try {
            JWSObject jws = JWSObject.parse(token);
            return isOurs(jws, type) ? Optional.of(jws) : Optional.empty();
        } catch (ParseException | RuntimeException e) { // the library trips over some that are no tokens at all
            return Optional.empty();
        }
    }

    private boolean isOurs(JWSObject jws, JOSEObjectType type) {
        JWSHeader header = jws.getHeader();
        PublishedKey key = ring.get().known(header.getKeyID());
        return key != null
                && key.algorithm().jose().equals(header.getAlgorithm())
                && type.equals(header.getType())
                && header.getCriticalParams() == null
                && header.isBase64URLEncodePayload()
                && key.verifies(jws.getSigningInput(), jws.getSignature().decode());
    }
}
