package dev.gatehouse.verifier;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about access tokens without asking the issuer: by its published keys, the token's claims, and a copy of its
 * revocation rules that is kept up to date in the background.
 *
 * <p>A rule refuses a token however old the copy is. Whether the copy is fresh is asked before the rules are, so that a
 * pause between the two can only make the answer stricter.
 */
public final class TokenVerifier implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TokenVerifier.class);
    private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(10);

    private final VerifierSettings settings;
    private final SignatureProviders providers;
    private final SigningKeys keys;
    private final TokenChecks checks;
    private final RevocationReplica replica;
    private final Acknowledgements acknowledgements;
    private final FeedFollower follower;
    private final Introspection introspection;
    private final VerifiedTokens cache;
    private final LongSupplier nanoTime;
    private final Counters counters = new Counters();
    private final AtomicLong lastWarning;

    TokenVerifier(
            VerifierSettings settings,
            SignatureProviders providers,
            String instance,
            HttpClient http,
            Supplier<String> authorization,
            InstantSource clock,
            LongSupplier nanoTime,
            RandomGenerator random) {
        IssuerClient client = new IssuerClient(http, authorization);
        IssuerEndpoints endpoints = new IssuerEndpoints(settings, client);
        Stopwatch stopwatch = new Stopwatch(clock, nanoTime);
        this.settings = settings;
        this.providers = providers;
        this.nanoTime = nanoTime;
        this.lastWarning = new AtomicLong(nanoTime.getAsLong() - BETWEEN_WARNINGS.toNanos());
        this.keys = new SigningKeys(settings, providers, endpoints, client, this::rulesAreFresh, nanoTime, random);
        this.checks = new TokenChecks(settings, keys, clock);
        this.replica = new RevocationReplica(settings, stopwatch, keys::expectNewKey);
        this.cache = new VerifiedTokens(
                settings.cacheSize(),
                token -> checks.stillGood(token) && !replica.refuses(token),
                nanoTime,
                random.nextLong());
        this.acknowledgements = new Acknowledgements(instance, endpoints, client, nanoTime);
        this.follower =
                new FeedFollower(replica, keys, acknowledgements, instance, endpoints, client, stopwatch, random);
        this.introspection = new Introspection(settings, endpoints, client, nanoTime);
    }

    private boolean rulesAreFresh() {
        return replica.isFresh();
    }

    /** A verifier for the tokens of an issuer that are meant for an audience, this service. */
    public static TokenVerifierBuilder forIssuer(String issuer, String audience) {
        return new TokenVerifierBuilder(issuer, audience);
    }

    void start() {
        keys.start();
        acknowledgements.start();
        follower.start();
    }

    /** Decides about a token as it stood in the request, by the policy that the verifier was built with. */
    public Verification verify(@Nullable String token) {
        return verify(token, settings.stalenessPolicy());
    }

    /** Decides about a token as it stood in the request, by a policy of the caller's choice for the time of staleness. */
    public Verification verify(@Nullable String token, StalenessPolicy policy) {
        try {
            CheckedToken held = held(token);
            CheckedToken checked = held != null ? held : checks.check(token);
            checkRevocation(checked, policy);
            if (held == null) {
                cache.offer(checked);
            }
            counters.accepted.increment();
            return new Verification.Verified(checked.token());
        } catch (RefusedException refused) {
            counters.refuse(refused.reason());
            return new Verification.Refused(refused.reason());
        }
    }

    private @Nullable CheckedToken held(@Nullable String token) {
        CheckedToken held = cache.find(token);
        if (held == null || checks.stillGood(held)) {
            return held;
        }
        cache.remove(held);
        return null;
    }

    private void checkRevocation(CheckedToken token, StalenessPolicy policy) throws RefusedException {
        boolean fresh = replica.isFresh();
        if (replica.refuses(token)) {
            cache.remove(token);
            throw new RefusedException(Refusal.REVOKED);
        }
        if (fresh) {
            return;
        }
        switch (policy) {
            case CLOSED -> throw new RefusedException(Refusal.STALE);
            case INTROSPECT -> introspect(token.text());
            case OPEN -> passStale();
        }
    }

    private void introspect(String token) throws RefusedException {
        counters.introspected.increment();
        introspection.confirm(token);
    }

    private void passStale() {
        counters.acceptedStale.increment();
        long now = nanoTime.getAsLong();
        long last = lastWarning.get();
        if (now - last >= BETWEEN_WARNINGS.toNanos() && lastWarning.compareAndSet(last, now)) {
            log.warn(
                    "Tokens pass although the revocation rules are {} ms old; {} so far",
                    replica.staleness().toMillis(),
                    counters.acceptedStale.sum());
        }
    }

    /** Whose tokens are verified, as it stands in their {@code iss} claim. */
    public String issuer() {
        return settings.issuer();
    }

    public VerifierStatus status() {
        return new VerifierStatus(
                isReady(),
                replica.isFresh(),
                staleness(),
                replica.isReady() ? replica.position().toString() : null,
                rules());
    }

    /** The time since the rules were last known to be complete, or since the start when they never were. */
    public Duration staleness() {
        return replica.staleness();
    }

    /** The number of revocation rules held. */
    public long rules() {
        return replica.size();
    }

    /**
     * Who verifies signatures, chosen at the start: the names of the cryptographic providers by those of the algorithms,
     * as far as these are allowed and to be had on this platform.
     */
    public Map<String, String> cryptoProviders() {
        return providers.names();
    }

    /** Tokens accepted so far. */
    public long accepted() {
        return counters.accepted.sum();
    }

    /** Those of them that passed only because the policy is {@link StalenessPolicy#OPEN}. */
    public long acceptedStale() {
        return counters.acceptedStale.sum();
    }

    /** Tokens about which the issuer was to be asked so far, because the policy is {@link StalenessPolicy#INTROSPECT}. */
    public long introspected() {
        return counters.introspected.sum();
    }

    /** Tokens refused so far for a reason. */
    public long refused(Refusal reason) {
        return counters.refused(reason);
    }

    /** Tokens presented so far that had been verified before, and were still in the cache. */
    public long cacheHits() {
        return cache.hits();
    }

    /** Tokens presented so far that were not in the cache. */
    public long cacheMisses() {
        return cache.misses();
    }

    /** The number of tokens in the cache. */
    public long cachedTokens() {
        return cache.size();
    }

    /** Whether the issuer's keys and a first heartbeat have arrived. */
    public boolean isReady() {
        return keys.available() && replica.isReady();
    }

    /** Waits until the verifier is ready, and says whether it is. */
    public boolean awaitReady(Duration patience) throws InterruptedException {
        long begun = System.nanoTime();
        while (!isReady() && System.nanoTime() - begun < patience.toNanos()) {
            Thread.sleep(10);
        }
        return isReady();
    }

    /** Stops following the issuer. From then on the copy of the rules grows stale. */
    @Override
    public void close() {
        follower.close();
        acknowledgements.close();
        keys.close();
    }
}
