package dev.gatehouse.server.passkey;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An authenticator and the browser that asks it, in software, with one key; a test makes it tell the one lie that it is about. */
public final class TestAuthenticator {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final int PRESENT = 0x01;

    private static final int VERIFIED = 0x04;

    private static final int MOVABLE = 0x08;

    private static final int BACKED_UP = 0x10;

    private static final int WITH_KEY = 0x40;

    private final KeyPair keys = newKeys();

    private byte[] credentialId = random(32);

    private String userHandle = "";

    private String domain;

    private String origin;

    private int flags = PRESENT | VERIFIED;

    private int count;

    private boolean counts = true;

    private String type = "";

    private boolean inFrame;

    private TestAuthenticator(String domain, String origin) {
        this.domain = domain;
        this.origin = origin;
    }

    /** One that keeps its key, at the pages of this issuer. */
    public static TestAuthenticator at(String issuer) {
        return new TestAuthenticator(URI.create(issuer).getHost(), issuer);
    }

    /** One whose key is kept by a service that brings it to other devices; those do not count. */
    public TestAuthenticator synced() {
        flags |= MOVABLE | BACKED_UP;
        counts = false;
        return this;
    }

    public TestAuthenticator atOrigin(String other) {
        origin = other;
        return this;
    }

    public TestAuthenticator forDomain(String other) {
        domain = other;
        return this;
    }

    public TestAuthenticator unverified() {
        flags &= ~VERIFIED;
        return this;
    }

    public TestAuthenticator absent() {
        flags &= ~PRESENT;
        return this;
    }

    public TestAuthenticator suddenlyMovable() {
        flags |= MOVABLE;
        return this;
    }

    public TestAuthenticator inAFrameOfAnotherSite() {
        inFrame = true;
        return this;
    }

    public TestAuthenticator saying(String otherType) {
        type = otherType;
        return this;
    }

    public TestAuthenticator countingFrom(int value) {
        count = value;
        return this;
    }

    public TestAuthenticator withCredentialIdOf(int bytes) {
        credentialId = random(bytes);
        return this;
    }

    public TestAuthenticator withUserHandle(String other) {
        userHandle = other;
        return this;
    }

    /** Claims to have another's credential. */
    public TestAuthenticator impersonating(TestAuthenticator other) {
        credentialId = other.credentialId;
        userHandle = other.userHandle;
        return this;
    }

    public String userHandle() {
        return userHandle;
    }

    /** Makes the credential: RegistrationResponseJSON. */
    public String create(String options) {
        JsonNode wanted = JSON.readTree(options);
        userHandle = wanted.path("user").path("id").asString();
        byte[] clientData = clientData("webauthn.create", wanted);
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("clientDataJSON", Base64Url.encode(clientData));
        response.put("attestationObject", Base64Url.encode(attestationObject(authenticatorData(true))));
        response.put("transports", new String[] {"internal", "hybrid"});
        return credential(response);
    }

    /** Signs with it: AuthenticationResponseJSON. */
    public String get(String options) {
        byte[] clientData = clientData("webauthn.get", JSON.readTree(options));
        count += counts ? 1 : 0;
        byte[] authenticatorData = authenticatorData(false);
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("clientDataJSON", Base64Url.encode(clientData));
        response.put("authenticatorData", Base64Url.encode(authenticatorData));
        response.put("signature", Base64Url.encode(signature(authenticatorData, clientData)));
        if (!userHandle.isEmpty()) {
            response.put("userHandle", userHandle);
        }
        return credential(response);
    }

    private String credential(Map<String, Object> response) {
        String id = Base64Url.encode(credentialId);
        return JSON.writeValueAsString(Map.of(
                "id", id, "rawId", id, "type", "public-key", "response", response, "clientExtensionResults", Map.of()));
    }

    private byte[] clientData(String usualType, JsonNode wanted) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("type", type.isEmpty() ? usualType : type);
        data.put("challenge", wanted.path("challenge").asString());
        data.put("origin", origin);
        data.put("crossOrigin", inFrame);
        return JSON.writeValueAsBytes(data);
    }

    private byte[] authenticatorData(boolean withKey) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(sha256(domain.getBytes(StandardCharsets.UTF_8)));
        data.write(withKey ? flags | WITH_KEY : flags);
        data.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(count).array());
        if (withKey) {
            data.writeBytes(new byte[16]);
            data.writeBytes(ByteBuffer.allocate(Short.BYTES)
                    .putShort((short) credentialId.length)
                    .array());
            data.writeBytes(credentialId);
            data.writeBytes(coseKey());
        }
        return data.toByteArray();
    }

    /** CBOR, RFC 8949: a map of kty EC2, alg ES256, crv P-256, x and y. */
    private byte[] coseKey() {
        ECPublicKey key = (ECPublicKey) keys.getPublic();
        ByteArrayOutputStream cose = new ByteArrayOutputStream();
        cose.writeBytes(new byte[] {(byte) 0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20});
        cose.writeBytes(coordinate(key.getW().getAffineX()));
        cose.writeBytes(new byte[] {0x22, 0x58, 0x20});
        cose.writeBytes(coordinate(key.getW().getAffineY()));
        return cose.toByteArray();
    }

    private static byte[] coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[32];
        int length = Math.min(bytes.length, fixed.length);
        System.arraycopy(bytes, bytes.length - length, fixed, fixed.length - length, length);
        return fixed;
    }

    /** CBOR: a map of fmt "none", an empty attStmt, and authData. */
    private static byte[] attestationObject(byte[] authenticatorData) {
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        object.write(0xA3);
        object.writeBytes(text("fmt"));
        object.writeBytes(text("none"));
        object.writeBytes(text("attStmt"));
        object.write(0xA0);
        object.writeBytes(text("authData"));
        object.write(0x58);
        object.write(authenticatorData.length);
        object.writeBytes(authenticatorData);
        return object.toByteArray();
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] cbor = Arrays.copyOf(new byte[] {(byte) (0x60 | bytes.length)}, bytes.length + 1);
        System.arraycopy(bytes, 0, cbor, 1, bytes.length);
        return cbor;
    }

    private byte[] signature(byte[] authenticatorData, byte[] clientData) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(authenticatorData);
            signature.update(sha256(clientData));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
