package dev.gatehouse.server.session;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.session.Session;

/** A browser session as one request sees it, and what that request changed of it. */
final class BrowserSession implements Session {
    private final Supplier<String> ids;

    private final Map<String, Object> attributes = new HashMap<>();

    private final Set<String> changed = new HashSet<>();

    private final Instant creationTime;

    private Instant lastAccessedTime;

    private Duration maxInactiveInterval;

    private String id;

    private @Nullable String storedId;

    private Instant storedAccessTime;

    private boolean intervalChanged;

    /** A session that is not stored yet. */
    BrowserSession(Supplier<String> ids, Instant now, Duration maxInactiveInterval) {
        this.ids = ids;
        this.id = ids.get();
        this.creationTime = now;
        this.lastAccessedTime = now;
        this.storedAccessTime = now;
        this.maxInactiveInterval = maxInactiveInterval;
    }

    /** A session as it is stored. */
    BrowserSession(
            Supplier<String> ids,
            String id,
            Instant creationTime,
            Instant lastAccessedTime,
            Duration maxInactiveInterval,
            Map<String, Object> attributes) {
        this.ids = ids;
        this.id = id;
        this.storedId = id;
        this.creationTime = creationTime;
        this.lastAccessedTime = lastAccessedTime;
        this.storedAccessTime = lastAccessedTime;
        this.maxInactiveInterval = maxInactiveInterval;
        this.attributes.putAll(attributes);
    }

    /** The id under which it is stored now; absent when it is not stored yet. */
    @Nullable
    String storedId() {
        return storedId;
    }

    /** The names of the attributes that this request set or removed. */
    Set<String> changed() {
        return changed;
    }

    /** Whether there is something to write, an access within the grain of the last one apart. */
    boolean isDirty(Duration grain) {
        return !id.equals(storedId)
                || intervalChanged
                || !changed.isEmpty()
                || lastAccessedTime.isAfter(storedAccessTime.plus(grain));
    }

    void stored() {
        storedId = id;
        storedAccessTime = lastAccessedTime;
        intervalChanged = false;
        changed.clear();
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public String changeSessionId() {
        id = ids.get();
        return id;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the signature is Spring Session's
    public <T> @Nullable T getAttribute(String attributeName) {
        return (T) attributes.get(attributeName);
    }

    @Override
    public Set<String> getAttributeNames() {
        return Set.copyOf(attributes.keySet());
    }

    @Override
    public void setAttribute(String attributeName, @Nullable Object attributeValue) {
        if (attributeValue == null) {
            removeAttribute(attributeName);
            return;
        }
        attributes.put(attributeName, SessionValues.checked(attributeValue));
        changed.add(attributeName);
    }

    @Override
    public void removeAttribute(String attributeName) {
        if (attributes.remove(attributeName) != null) {
            changed.add(attributeName);
        }
    }

    @Override
    public Instant getCreationTime() {
        return creationTime;
    }

    @Override
    public void setLastAccessedTime(Instant lastAccessedTime) {
        this.lastAccessedTime = lastAccessedTime;
    }

    @Override
    public Instant getLastAccessedTime() {
        return lastAccessedTime;
    }

    @Override
    public void setMaxInactiveInterval(Duration interval) {
        intervalChanged |= !interval.equals(maxInactiveInterval);
        maxInactiveInterval = interval;
    }

    @Override
    public Duration getMaxInactiveInterval() {
        return maxInactiveInterval;
    }

    /** The store forgets what has expired. */
    @Override
    public boolean isExpired() {
        return false;
    }
}
