package dev.gatehouse.verifier;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The issuer's own word on one token, RFC 7662. */
final class Introspection {

    private static final Logger log = LoggerFactory.getLogger(Introspection.class);
    private static final int LIMIT = 256 * 1024;

    private final VerifierSettings settings;
    private final IssuerEndpoints endpoints;
    private final IssuerClient client;

    Introspection(VerifierSettings settings, IssuerEndpoints endpoints, IssuerClient client) {
        this.settings = settings;
        this.endpoints = endpoints;
        this.client = client;
    }

    void confirm(String token) throws RefusedException {
        if (!isActive(token)) {
            throw new RefusedException(Refusal.REVOKED);
        }
    }

    private boolean isActive(String token) throws RefusedException {
        try {
            return Boolean.TRUE.equals(
                    client.postToken(endpoints.introspection(), token, settings.introspectionTimeout(), LIMIT)
                            .members()
                            .get("active"));
        } catch (IOException failure) {
            log.debug("The issuer did not answer about a token: {}", failure.toString());
            throw new RefusedException(Refusal.INTROSPECTION_FAILED);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new RefusedException(Refusal.INTROSPECTION_FAILED);
        }
    }
}
