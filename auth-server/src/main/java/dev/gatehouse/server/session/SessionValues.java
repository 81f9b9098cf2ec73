package dev.gatehouse.server.session;

import dev.gatehouse.server.keys.ServerSecret;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.session.Interaction.Mark;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The values that a browser session may hold, as JSON that says its version and type: {@code {"v":1,"type":"text",...}}.
 * An interaction is sealed, because its request may carry an {@code id_token_hint}, which must not lie in Redis in clear.
 * What an issuer cannot read, because a newer one wrote it, is as good as absent.
 */
final class SessionValues {
    private static final int VERSION = 1;

    private static final int NONCE_BYTES = 12;

    private static final int TAG_BITS = 128;

    private final JsonMapper json = JsonMapper.builder().build();

    private final SecretKey key;

    private final SecureRandom random;

    SessionValues(ServerSecret serverSecret, SecureRandom random) {
        this.key = serverSecret.aesKey("session-interaction-sealing");
        this.random = random;
    }

    /** Refuses what a session may not hold. */
    static Object checked(Object value) {
        if (value instanceof LoginSession
                || value instanceof PendingLogin
                || value instanceof Interaction
                || value instanceof String) {
            return value;
        }
        throw new IllegalArgumentException("a browser session holds logins, Interactions and text, not a "
                + value.getClass().getName());
    }

    String write(Object value) {
        return json.writeValueAsString(
                switch (checked(value)) {
                    case LoginSession login -> Login.of(login);
                    case PendingLogin pending -> Pending.of(pending);
                    case Interaction interaction ->
                        new Sealed(VERSION, "interaction", seal(json.writeValueAsBytes(Request.of(interaction))));
                    default -> new Text(VERSION, "text", (String) value);
                });
    }

    Optional<Object> read(String stored) {
        try {
            JsonNode node = json.readTree(stored);
            if (node.path("v").asInt(0) != VERSION) {
                return Optional.empty();
            }
            return switch (node.path("type").asString("")) {
                case "login" -> Optional.of(json.treeToValue(node, Login.class).toLoginSession());
                case "pending" ->
                    Optional.of(json.treeToValue(node, Pending.class).toPendingLogin());
                case "interaction" ->
                    Optional.of(json.readValue(
                                    open(json.treeToValue(node, Sealed.class).sealed()), Request.class)
                            .toInteraction());
                case "text" -> Optional.of(json.treeToValue(node, Text.class).text());
                default -> Optional.empty();
            };
        } catch (JacksonException | GeneralSecurityException | IllegalArgumentException | NullPointerException e) {
            return Optional.empty();
        }
    }

    private String seal(byte[] plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                            .put(nonce)
                            .put(sealed)
                            .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is missing", e);
        }
    }

    private byte[] open(String sealed) throws GeneralSecurityException {
        byte[] bytes = Base64.getUrlDecoder().decode(sealed);
        if (bytes.length < NONCE_BYTES) {
            throw new IllegalArgumentException("too short");
        }
        return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(bytes, NONCE_BYTES))
                .doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD("interaction".getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }

    private record Text(int v, String type, String text) {}

    private record Sealed(int v, String type, String sealed) {}

    private record Login(
            int v,
            String type,
            String sid,
            String account,
            String username,
            long authTime,
            List<String> amr,
            String acr) {
        static Login of(LoginSession s) {
            return new Login(
                    VERSION,
                    "login",
                    s.sid(),
                    s.accountId(),
                    s.username(),
                    s.authTime().getEpochSecond(),
                    s.amr(),
                    s.acr());
        }

        LoginSession toLoginSession() {
            return new LoginSession(sid, account, username, Instant.ofEpochSecond(authTime), amr, acr);
        }
    }

    private record Pending(
            int v,
            String type,
            String id,
            String account,
            long generation,
            List<String> amr,
            Instant begunAt,
            @Nullable String interaction,
            @Nullable String path,
            boolean remember) {
        static Pending of(PendingLogin p) {
            return new Pending(
                    VERSION,
                    "pending",
                    p.id(),
                    p.accountId(),
                    p.generation(),
                    p.amr(),
                    p.begunAt(),
                    p.interaction(),
                    p.path(),
                    p.remember());
        }

        PendingLogin toPendingLogin() {
            return new PendingLogin(id, account, generation, amr, begunAt, interaction, path, remember);
        }
    }

    private record Request(
            String id,
            String client,
            List<String> scopes,
            Map<String, List<String>> parameters,
            Instant begunAt,
            boolean reauthenticate,
            String loginHint,
            Set<Mark> marks) {
        static Request of(Interaction i) {
            return new Request(
                    i.id(),
                    i.clientId(),
                    List.copyOf(i.scopes().values()),
                    i.parameters(),
                    i.begunAt(),
                    i.reauthenticate(),
                    i.loginHint(),
                    i.marks());
        }

        Interaction toInteraction() {
            return new Interaction(
                    id, client, Scopes.of(scopes), parameters, begunAt, reauthenticate, loginHint, Set.copyOf(marks));
        }
    }
}
