package dev.gatehouse.verifier;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer's published keys. The feed brings them, first thing on each connection and whenever they change; as long as
 * it does and is fresh they are fetched at the start only, and otherwise in the background as often as the answer's
 * {@code max-age} says, within bounds. The ones held stay good while a fetch fails.
 *
 * <p>A fetch may meet a cache or a replica that is behind, so the feed has the last word while it is followed: a fetch
 * that began before the feed's last set is for nothing, and one that began after it can add keys, but neither take any
 * away nor bring back what the feed has withdrawn.
 *
 * <p>A token with an unknown {@code kid} causes one fetch at most in each cool-down, however many tokens there are: the
 * first few that meet a fetch under way wait for that one, unless the last fetch has failed, since the next one is likely
 * to fail as well and comes without being asked for. A {@code kid} that a fetch did not bring is remembered as unknown
 * for two cool-downs, no longer, since an issuer's replica may publish a new key a moment after another has used it. A
 * rule against a key ends the cool-down, since a new key is then likely and the rule came from the issuer.
 */
final class SigningKeys implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);
    private static final Pattern MAX_AGE =
            Pattern.compile("(?:^|[ ,])max-age=\"?([0-9]{1,9})", Pattern.CASE_INSENSITIVE);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LONGEST_CACHED = Duration.ofDays(1);
    private static final int LIMIT = 512 * 1024;
    private static final int LONGEST_KID = 256;
    private static final int MOST_WAITING = 8;

    private final VerifierSettings settings;
    private final SignatureProviders providers;
    private final IssuerEndpoints endpoints;
    private final IssuerClient client;
    private final BooleanSupplier feedIsFresh;
    private final LongSupplier nanoTime;
    private final Backoff backoff;
    private final Semaphore places = new Semaphore(MOST_WAITING);
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "gatehouse-keys");
        daemon.setDaemon(true);
        return daemon;
    });

    private volatile Map<String, VerificationKey> keys = Map.of();
    private @Nullable CompletableFuture<Boolean> inFlight;
    private @Nullable ScheduledFuture<?> scheduled;
    private @Nullable Long forcedAt;
    private boolean failing;
    private Duration lifetime = lifetime("");
    /** How many sets the feed has brought, and whether the present connection has. */
    private int taken;

    private boolean fed;
    private final UnknownKeys unknown;
    private final UnknownKeys withdrawn;

    SigningKeys(
            VerifierSettings settings,
            SignatureProviders providers,
            IssuerEndpoints endpoints,
            IssuerClient client,
            BooleanSupplier feedIsFresh,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this.settings = settings;
        this.providers = providers;
        this.endpoints = endpoints;
        this.client = client;
        this.feedIsFresh = feedIsFresh;
        this.nanoTime = nanoTime;
        this.unknown = new UnknownKeys(settings.unknownKeyCoolDown().multipliedBy(2), nanoTime);
        this.withdrawn = new UnknownKeys(LONGEST_CACHED, nanoTime);
        this.backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), random);
    }

    void start() {
        CompletableFuture<Boolean> unused = fetch();
    }

    boolean available() {
        return !keys.isEmpty();
    }

    /** The key with the given id, fetched when that is allowed now. */
    @Nullable
    VerificationKey find(@Nullable String kid) {
        if (kid == null || kid.length() > LONGEST_KID) {
            return null;
        }
        VerificationKey key = keys.get(kid);
        if (key != null || !available()) {
            return key;
        }
        CompletableFuture<Boolean> fetch = fetchFor(kid);
        if (fetch == null) {
            return null;
        }
        boolean fetched = await(fetch);
        key = keys.get(kid);
        if (key == null && fetched) {
            unknown.add(kid);
        }
        return key;
    }

    /** Whether the key is published under the id, unchanged. */
    boolean publishes(String kid, VerificationKey key) {
        return key.equals(keys.get(kid));
    }

    /** The feed is about to be connected to an issuer, which may be one that does not send its keys. */
    synchronized void feedConnecting() {
        fed = false;
    }

    /** Takes over what the feed says are the issuer's keys now; what cannot be used changes nothing. */
    void take(String jwkSet) {
        try {
            take(JWKSet.parse(JsonObject.parse(jwkSet)));
        } catch (IOException | ParseException | RuntimeException unusable) {
            feedConnecting();
            log.warn("The feed has brought keys that cannot be used, those held stay: {}", unusable.toString());
        }
    }

    private synchronized void take(JWKSet published) throws IOException {
        Map<String, VerificationKey> present = Map.copyOf(usable(published));
        keys.keySet().stream().filter(kid -> !present.containsKey(kid)).forEach(withdrawn::add);
        keys = present;
        fed = true;
        failing = false;
        taken++;
        schedule(lifetime);
    }

    private synchronized int taken() {
        return taken;
    }

    private boolean isFed() {
        return fed && feedIsFresh.getAsBoolean();
    }

    /** A key was revoked: its successor is likely to be published already. */
    synchronized void expectNewKey() {
        forcedAt = null;
        unknown.clear();
        schedule(Duration.ZERO);
    }

    private synchronized @Nullable CompletableFuture<Boolean> fetchFor(String kid) {
        if (failing || unknown.contains(kid) || (isFed() && withdrawn.contains(kid))) {
            return null;
        }
        if (inFlight != null) {
            return inFlight;
        }
        long now = nanoTime.getAsLong();
        if (forcedAt != null && now - forcedAt < settings.unknownKeyCoolDown().toNanos()) {
            return null;
        }
        forcedAt = now;
        return fetch();
    }

    /** The keys are as old as they may be, unless the feed would have told of a change. */
    synchronized void refresh() {
        if (isFed()) {
            failing = false;
            schedule(lifetime);
        } else {
            CompletableFuture<Boolean> unused = fetch();
        }
    }

    private synchronized CompletableFuture<Boolean> fetch() {
        if (inFlight != null) {
            return inFlight;
        }
        if (thread.isShutdown()) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> fetch = new CompletableFuture<>();
        inFlight = fetch;
        thread.execute(() -> load(fetch));
        return fetch;
    }

    private void load(CompletableFuture<Boolean> fetch) {
        Duration next = backoff.next();
        boolean loaded = false;
        boolean current = false;
        int takenBefore = taken();
        try {
            IssuerClient.Json answer = client.get(endpoints.jwkSet(), DEADLINE, LIMIT);
            current = add(JWKSet.parse(answer.members()), takenBefore, lifetime(answer.cacheControl()));
            backoff.reset();
            next = lifetime(answer.cacheControl());
            loaded = true;
        } catch (IOException | ParseException | RuntimeException failure) {
            endpoints.doubt();
            log.warn(
                    "The issuer's keys could not be fetched, next try in {} ms: {}",
                    next.toMillis(),
                    failure.toString());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            landed(loaded, next);
            fetch.complete(current);
        }
    }

    /** Says whether the feed has brought nothing newer in the meantime; if it has, whoever missed a key may ask again. */
    private synchronized boolean add(JWKSet fetched, int takenBefore, Duration lifetime) throws IOException {
        Map<String, VerificationKey> usable = usable(fetched);
        this.lifetime = lifetime;
        if (taken != takenBefore) {
            forcedAt = null;
            return false;
        }
        if (isFed()) {
            usable.keySet().removeIf(withdrawn::contains);
            usable.putAll(keys);
        }
        keys = Map.copyOf(usable);
        return true;
    }

    private synchronized void landed(boolean loaded, Duration next) {
        inFlight = null;
        failing = !loaded;
        schedule(next);
    }

    private synchronized void schedule(Duration delay) {
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        if (!thread.isShutdown()) {
            scheduled = thread.schedule(this::refresh, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private Map<String, VerificationKey> usable(JWKSet published) throws IOException {
        Map<String, VerificationKey> usable = new HashMap<>();
        for (JWK key : published.getKeys()) {
            VerificationKey verificationKey = verificationKey(key);
            if (verificationKey != null && key.getKeyID() != null) {
                usable.put(key.getKeyID(), verificationKey);
            }
        }
        if (usable.isEmpty()) {
            throw new IOException("the issuer publishes no key that could be used");
        }
        return usable;
    }

    /** A key that has not changed stays the same object, and with it the tokens that it has verified stay good. */
    private @Nullable VerificationKey verificationKey(JWK key) {
        VerificationKey held = key.getKeyID() == null ? null : keys.get(key.getKeyID());
        if (held != null && held.published().equals(key)) {
            return held;
        }
        try {
            return VerificationKey.of(key, providers);
        } catch (JOSEException | GeneralSecurityException unusable) {
            log.warn("A key that the issuer publishes cannot be used: {}", unusable.toString());
            return null;
        }
    }

    /** Few may wait: a flood of forged tokens must not take every thread of a service while the issuer is slow. */
    private boolean await(CompletableFuture<Boolean> fetch) {
        if (!places.tryAcquire()) {
            return false;
        }
        try {
            return fetch.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException late) {
            return false;
        } finally {
            places.release();
        }
    }

    static Duration lifetime(String cacheControl) {
        Matcher maxAge = MAX_AGE.matcher(cacheControl);
        long seconds = maxAge.find() ? Long.parseLong(maxAge.group(1)) : 300;
        return Duration.ofSeconds(Math.max(30, Math.min(seconds, 900)));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
