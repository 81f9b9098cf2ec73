package dev.gatehouse.verifier;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts a {@link TokenVerifier} together; unsafe or senseless values are refused. */
public final class TokenVerifierBuilder {

    private static final Duration LONGEST_SKEW = Duration.ofSeconds(60);
    private static final Duration SHORTEST_BOUND = Duration.ofSeconds(2);
    private static final Duration LONGEST_BOUND = Duration.ofHours(1);
    private static final long LARGEST_CACHE = 1024L * 1024 * 1024;

    private final String issuer;
    private final String audience;
    private @Nullable URI issuerLocation;
    private @Nullable URI jwkSetUri;
    private boolean plainHttpAllowed;
    private @Nullable Supplier<String> authorization;
    private Set<JWSAlgorithm> algorithms =
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256, JWSAlgorithm.EdDSA);
    private Duration clockSkew = Duration.ofSeconds(30);
    private Duration stalenessBound = Duration.ofSeconds(5);
    private StalenessPolicy stalenessPolicy = StalenessPolicy.CLOSED;
    private Duration introspectionTimeout = Duration.ofSeconds(1);
    private Duration unknownKeyCoolDown = Duration.ofSeconds(30);
    private boolean nativeCrypto = true;
    private int maxTokenLength = 16 * 1024;
    private long cacheSize = 16 * 1024 * 1024;
    private @Nullable String instance;
    private @Nullable HttpClient http;
    private InstantSource clock = InstantSource.system();
    private LongSupplier nanoTime = System::nanoTime;

    TokenVerifierBuilder(String issuer, String audience) {
        this.issuer = issuer;
        this.audience = audience;
    }

    /** The credentials of this service's own client at the issuer, see {@link BasicCredentials}. */
    public TokenVerifierBuilder credentials(String clientId, String clientSecret) {
        return authorization(new BasicCredentials(clientId, clientSecret));
    }

    /** Where the {@code Authorization} header for the issuer comes from, asked before each request. */
    public TokenVerifierBuilder authorization(Supplier<String> authorization) {
        this.authorization = authorization;
        return this;
    }

    /** Where this service reaches the issuer, when that is not the issuer's public address. */
    public TokenVerifierBuilder issuerLocation(URI issuerLocation) {
        this.issuerLocation = issuerLocation;
        return this;
    }

    /** Where the issuer's keys are, when its metadata should not be asked. */
    public TokenVerifierBuilder jwkSetUri(URI jwkSetUri) {
        this.jwkSetUri = jwkSetUri;
        return this;
    }

    /** Allows {@code http} to other machines, on a network that is encrypted by other means. */
    public TokenVerifierBuilder allowPlainHttp(boolean allowed) {
        this.plainHttpAllowed = allowed;
        return this;
    }

    /**
     * The signature algorithms that a token may use: RS256, PS256, ES256 and EdDSA (Ed25519) unless said otherwise. Which
     * of them goes with a key is for the issuer's key set to say.
     */
    public TokenVerifierBuilder algorithms(String... names) {
        Set<JWSAlgorithm> allowed = new LinkedHashSet<>();
        Arrays.stream(names).map(JWSAlgorithm::parse).forEach(allowed::add);
        this.algorithms = Set.copyOf(allowed);
        return this;
    }

    /**
     * How far this machine's clock and the issuer's may be apart: 0 to 60 seconds, 30 unless said otherwise. The issuer
     * forgets what it revoked 60 seconds after it has expired, so a token may not be taken for good any longer than that.
     */
    public TokenVerifierBuilder clockSkew(Duration clockSkew) {
        this.clockSkew = clockSkew;
        return this;
    }

    /** How old the copy of the revocation rules may be before the policy takes effect; 5 seconds unless said otherwise. */
    public TokenVerifierBuilder stalenessBound(Duration stalenessBound) {
        this.stalenessBound = stalenessBound;
        return this;
    }

    public TokenVerifierBuilder stalenessPolicy(StalenessPolicy stalenessPolicy) {
        this.stalenessPolicy = stalenessPolicy;
        return this;
    }

    /** How long the issuer may take to answer about one token, under {@link StalenessPolicy#INTROSPECT}. */
    public TokenVerifierBuilder introspectionTimeout(Duration introspectionTimeout) {
        this.introspectionTimeout = introspectionTimeout;
        return this;
    }

    /** How long no token with an unknown key causes another request for the issuer's keys. */
    public TokenVerifierBuilder unknownKeyCoolDown(Duration unknownKeyCoolDown) {
        this.unknownKeyCoolDown = unknownKeyCoolDown;
        return this;
    }

    /**
     * This running instance's name in receipts, different for each: 1 to 128 characters out of
     * {@code A-Z a-z 0-9 . _ : @ -}. By default it is made from the host's name, at random otherwise.
     */
    public TokenVerifierBuilder instance(String instance) {
        this.instance = instance;
        return this;
    }

    /** How many characters a token may have. */
    public TokenVerifierBuilder maxTokenLength(int maxTokenLength) {
        this.maxTokenLength = maxTokenLength;
        return this;
    }

    /**
     * How many bytes the cache of verified tokens may take, roughly; 0 for none, 16 MB unless said otherwise. A token in
     * it is not parsed and its signature not verified again; everything else is checked whenever it is presented.
     */
    public TokenVerifierBuilder cacheSize(long bytes) {
        this.cacheSize = bytes;
        return this;
    }

    /**
     * Whether Amazon's Corretto Crypto Provider verifies signatures when it is on the class path and runs here, which it
     * does unless said otherwise. It is not installed for anything else in the process.
     */
    public TokenVerifierBuilder nativeCrypto(boolean allowed) {
        this.nativeCrypto = allowed;
        return this;
    }

    /** The client for all requests to the issuer, for instance one that trusts a private certificate authority. */
    public TokenVerifierBuilder httpClient(HttpClient http) {
        this.http = http;
        return this;
    }

    TokenVerifierBuilder clock(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        return this;
    }

    /** A verifier that has begun to fetch what it needs, on threads of its own; close it to stop them. */
    public TokenVerifier start() {
        Supplier<String> credentials = authorization;
        check(credentials != null, "the credentials of this service's client at the issuer are missing");
        VerifierSettings settings = settings();
        SecureRandom random = new SecureRandom();
        String name = instance != null ? instance : InstanceName.of(System.getenv("HOSTNAME"), random);
        check(
                InstanceName.isGood(name),
                "the instance's name must be 1 to 128 characters out of A-Z a-z 0-9 . _ : @ -");
        TokenVerifier verifier = new TokenVerifier(
                settings,
                new SignatureProviders(settings.algorithms(), nativeCrypto ? NativeProvider.find() : null),
                name,
                http != null ? http : defaultClient().build(),
                credentials != null ? credentials : () -> "",
                clock,
                nanoTime,
                random);
        verifier.start();
        return verifier;
    }

    private VerifierSettings settings() {
        URI location = issuerLocation != null ? issuerLocation : uri(issuer);
        check(!audience.isBlank(), "the audience must not be empty");
        checkAddress("the issuer's location", location);
        if (jwkSetUri != null) {
            checkAddress("the address of the issuer's keys", jwkSetUri);
        }
        check(
                !algorithms.isEmpty() && algorithms.stream().allMatch(name -> SignatureAlgorithm.of(name) != null),
                "the algorithms must be some of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA");
        checkBetween("the clock skew", clockSkew, Duration.ZERO, LONGEST_SKEW);
        checkBetween("the staleness bound", stalenessBound, SHORTEST_BOUND, LONGEST_BOUND);
        checkBetween("the introspection time-out", introspectionTimeout, Duration.ofMillis(10), Duration.ofSeconds(10));
        checkBetween("the cool-down for unknown keys", unknownKeyCoolDown, Duration.ofSeconds(1), LONGEST_BOUND);
        check(maxTokenLength >= 1024 && maxTokenLength <= 1024 * 1024, "the longest token must be 1 KB to 1 MB");
        check(cacheSize >= 0 && cacheSize <= LARGEST_CACHE, "the cache of verified tokens must be 0 to 1 GB");
        return new VerifierSettings(
                issuer,
                audience,
                location,
                jwkSetUri,
                plainHttpAllowed,
                algorithms,
                clockSkew,
                stalenessBound,
                stalenessPolicy,
                introspectionTimeout,
                unknownKeyCoolDown,
                maxTokenLength,
                cacheSize);
    }

    private void checkAddress(String what, URI uri) {
        check(
                IssuerEndpoints.isSafe(uri, plainHttpAllowed),
                what + " must be an https URL, or http on this machine: " + uri);
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException bad) {
            throw new IllegalArgumentException("the issuer must be a URL", bad);
        }
    }

    private static void checkBetween(String what, Duration value, Duration least, Duration most) {
        check(
                value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                what + " must be between " + least + " and " + most);
    }

    private static void check(boolean good, String complaint) {
        if (!good) {
            throw new IllegalArgumentException(complaint);
        }
    }

    /** What the verifier's own HTTP client is made from, to be completed for {@link #httpClient}. */
    public static HttpClient.Builder defaultClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(2));
    }
}
