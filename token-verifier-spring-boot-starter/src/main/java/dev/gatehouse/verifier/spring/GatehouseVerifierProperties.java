package dev.gatehouse.verifier.spring;

import dev.gatehouse.verifier.StalenessPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How this service verifies access tokens.
 *
 * @param enabled whether tokens are verified by Gatehouse's verifier at all
 * @param issuer the issuer of the tokens, as it stands in their iss claim
 * @param audience the name of this API, as it stands in the tokens' aud claim
 * @param clientId the id of this service's own client at the issuer, which reads the revocation feed
 * @param clientSecret the secret of that client
 * @param issuerLocation where this service reaches the issuer, when that is not the issuer's public address
 * @param jwkSetUri where the issuer's keys are, when its metadata should not be asked
 * @param allowPlainHttp whether the issuer may be reached by http on another machine, for networks that are encrypted otherwise
 * @param sslBundle the SSL bundle for requests to the issuer
 * @param algorithms the signature algorithms that a token may use; EdDSA is that of Ed25519
 * @param nativeCrypto whether Amazon's Corretto Crypto Provider verifies signatures when it is on the class path and runs here
 * @param clockSkew how far this machine's clock and the issuer's may be apart
 * @param stalenessBound how old the copy of the revocation rules may be before the policy takes effect
 * @param stalenessPolicy what happens then to tokens that are otherwise good: they are refused with 503 (closed), the issuer is asked about each (introspect), or they pass (open)
 * @param routes paths with a policy of their own; the first that matches counts
 * @param instance this running instance's name in revocation receipts, made from the host's name by default
 * @param retryAfter what a 503 tells the caller to wait
 * @param introspectionTimeout how long the issuer may take to answer about one token
 * @param unknownKeyCoolDown how long no token with an unknown key causes another request for the issuer's keys
 * @param maxTokenSize how long a token may be
 * @param cacheSize how much memory the cache of verified tokens may take, roughly; 0 for none
 */
@ConfigurationProperties("gatehouse.verifier")
public record GatehouseVerifierProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String issuer,
        @Nullable String audience,
        @Nullable String clientId,
        @Nullable String clientSecret,
        @Nullable URI issuerLocation,
        @Nullable URI jwkSetUri,
        @Nullable String instance,
        @DefaultValue("false") boolean allowPlainHttp,
        @Nullable String sslBundle,
        @DefaultValue({"RS256", "PS256", "ES256", "EdDSA"}) Set<String> algorithms,
        @DefaultValue("true") boolean nativeCrypto,
        @DefaultValue("30s") Duration clockSkew,
        @DefaultValue("5s") Duration stalenessBound,
        @DefaultValue("closed") StalenessPolicy stalenessPolicy,
        @DefaultValue List<Route> routes,
        @DefaultValue("2s") Duration retryAfter,
        @DefaultValue("1s") Duration introspectionTimeout,
        @DefaultValue("30s") Duration unknownKeyCoolDown,
        @DefaultValue("16KB") DataSize maxTokenSize,
        @DefaultValue("16MB") DataSize cacheSize) {

    /**
     * A part of the service that has a staleness policy of its own.
     *
     * @param path a path pattern, for example {@code /reports/**}
     * @param stalenessPolicy what happens there while the revocation rules are stale
     */
    public record Route(String path, StalenessPolicy stalenessPolicy) {

        public Route {
            if (path == null || !path.startsWith("/") || stalenessPolicy == null) {
                throw new IllegalArgumentException(
                        "gatehouse.verifier.routes need a path that begins with / and a staleness-policy each");
            }
        }
    }

    /** Refuses what can be told without the verifier; the rest is refused when it is built. */
    public GatehouseVerifierProperties {
        if (retryAfter.toSeconds() < 1 || retryAfter.toSeconds() > 3600) {
            throw new IllegalArgumentException("gatehouse.verifier.retry-after must be 1s to 1h");
        }
        if (maxTokenSize.toBytes() > DataSize.ofMegabytes(1).toBytes()) {
            throw new IllegalArgumentException("gatehouse.verifier.max-token-size must be at most 1MB");
        }
    }

    @Override
    public String toString() {
        return "gatehouse.verifier[issuer=" + issuer + ", audience=" + audience + ", clientId=" + clientId + "]";
    }
}
