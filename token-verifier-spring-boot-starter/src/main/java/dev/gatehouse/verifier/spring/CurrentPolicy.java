package dev.gatehouse.verifier.spring;

import dev.gatehouse.verifier.StalenessPolicy;

/** The staleness policy for the request that this thread serves. */
final class CurrentPolicy {

    private static final ThreadLocal<StalenessPolicy> ofRoute = new ThreadLocal<>();

    private final StalenessPolicy otherwise;

    CurrentPolicy(StalenessPolicy otherwise) {
        this.otherwise = otherwise;
    }

    void set(StalenessPolicy policy) {
        ofRoute.set(policy);
    }

    void clear() {
        ofRoute.remove();
    }

    StalenessPolicy get() {
        StalenessPolicy policy = ofRoute.get();
        return policy == null ? otherwise : policy;
    }
}
