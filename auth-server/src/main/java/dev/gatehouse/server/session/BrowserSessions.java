package dev.gatehouse.server.session;

import dev.gatehouse.server.standby.Standby;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.session.SessionRepository;

/**
 * Browser sessions: in Redis, and those that are begun while it is away in PostgreSQL. They are stored under the SHA-256 of their id,
 * as fields:
 *
 * <pre>
 * created   1763900000000      milliseconds
 * accessed  1763900012345      to within half a minute
 * idle      900                seconds
 * a:login   {"v":1,"type":"login",...}
 * </pre>
 *
 * A request writes only the attributes that it changed, so that two tabs do not overwrite each other's. A session that
 * was deleted meanwhile stays deleted.
 */
final class BrowserSessions implements SessionRepository<BrowserSession> {
    private static final Pattern ID = Pattern.compile("[.A-Za-z0-9_-][A-Za-z0-9_-]{42}");

    private static final int ID_BYTES = 32;

    private static final Duration ACCESS_GRAIN = Duration.ofSeconds(30);

    private static final String ATTRIBUTE = "a:";

    private final SessionStore redis;

    private final SessionStore postgres;

    private final Standby standby;

    private final SessionValues values;

    private final SecureRandom random;

    private final InstantSource clock;

    private final Duration anonymousTimeout;

    BrowserSessions(
            SessionStore redis,
            SessionStore postgres,
            Standby standby,
            SessionValues values,
            SecureRandom random,
            InstantSource clock,
            Duration anonymousTimeout) {
        this.redis = redis;
        this.postgres = postgres;
        this.standby = standby;
        this.values = values;
        this.random = random;
        this.clock = clock;
        this.anonymousTimeout = anonymousTimeout;
    }

    /** Whether a session id of ours could look like this. */
    static boolean isPlausible(String id) {
        return ID.matcher(id).matches();
    }

    /** What stands for a session id wherever it is stored, and tells where as the id does. */
    static String digest(String id) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
            return Standby.holds(id) ? Standby.MARK + text : text;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }

    private SessionStore store(String id) {
        return Standby.holds(id) ? postgres : redis;
    }

    @Override
    public BrowserSession createSession() {
        return new BrowserSession(this::newId, clock.instant(), anonymousTimeout);
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return standby.mark(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    @Override
    public @Nullable BrowserSession findById(String id) {
        if (!isPlausible(id)) {
            return null;
        }
        Map<String, String> stored = fields(id);
        String created = stored.get("created");
        String accessed = stored.get("accessed");
        String idle = stored.get("idle");
        if (created == null || accessed == null || idle == null) {
            return null;
        }
        return new BrowserSession(
                this::newId,
                id,
                Instant.ofEpochMilli(Long.parseLong(created)),
                Instant.ofEpochMilli(Long.parseLong(accessed)),
                Duration.ofSeconds(Long.parseLong(idle)),
                attributes(stored));
    }

    private Map<String, String> fields(String id) {
        return store(id).fields(digest(id));
    }

    private Map<String, Object> attributes(Map<String, String> stored) {
        Map<String, Object> attributes = new HashMap<>();
        stored.forEach((field, value) -> {
            if (field.startsWith(ATTRIBUTE)) {
                values.read(value).ifPresent(v -> attributes.put(field.substring(ATTRIBUTE.length()), v));
            }
        });
        return attributes;
    }

    @Override
    public void save(BrowserSession session) {
        if (!session.isDirty(ACCESS_GRAIN)) {
            return;
        }
        String storedId = session.storedId();
        if (session.getId().equals(storedId)) {
            write(session, false, new HashMap<>());
        } else if (storedId == null) {
            write(session, true, new HashMap<>());
        } else {
            // The new id lies elsewhere: what other tabs wrote meanwhile is carried over, then the old id
            // dies.
            write(session, true, new HashMap<>(fields(storedId)));
            deleteById(storedId);
        }
        session.stored();
    }

    private void write(BrowserSession session, boolean create, Map<String, String> set) {
        set.put("created", Long.toString(session.getCreationTime().toEpochMilli()));
        set.put("accessed", Long.toString(session.getLastAccessedTime().toEpochMilli()));
        set.put("idle", Long.toString(session.getMaxInactiveInterval().toSeconds()));
        List<String> removed = new ArrayList<>();
        for (String name : session.changed()) {
            Object value = session.getAttribute(name);
            if (value == null) {
                removed.add(ATTRIBUTE + name);
                set.remove(ATTRIBUTE + name);
            } else {
                set.put(ATTRIBUTE + name, values.write(value));
            }
        }
        String id = session.getId();
        store(id).write(digest(id), create, session.getMaxInactiveInterval(), set, removed);
    }

    /** Removes an attribute from the stored session; of several at once exactly one caller removed it. */
    boolean take(String id, String attribute) {
        return store(id).take(digest(id), ATTRIBUTE + attribute);
    }

    @Override
    public void deleteById(String id) {
        if (isPlausible(id)) {
            deleteByDigest(digest(id));
        }
    }

    void deleteByDigest(String digest) {
        store(digest).delete(digest);
    }
}
