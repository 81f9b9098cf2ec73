package dev.gatehouse.server.overload;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When requests are turned away because there are more than the server can work.
 *
 * @param longestWait how long every request may wait for a processor, for half a second, before the server counts as overloaded
 * @param maxTokenRequests how many requests for tokens are worked on at once
 * @param maxIntrospections how many requests about tokens, introspection and userinfo, are worked on at once
 * @param maxRevocations how many revocations are worked on at once
 * @param maxPages how many requests for pages are worked on at once
 */
@ConfigurationProperties("gatehouse.overload")
record OverloadProperties(
        @DefaultValue("1s") Duration longestWait,
        @DefaultValue("256") int maxTokenRequests,
        @DefaultValue("256") int maxIntrospections,
        @DefaultValue("64") int maxRevocations,
        @DefaultValue("128") int maxPages) {
    OverloadProperties {
        if (longestWait.compareTo(Duration.ofMillis(10)) < 0 || longestWait.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new IllegalArgumentException("gatehouse.overload.longest-wait must be between 10ms and 10s");
        }
        refuseLessThanOne("max-token-requests", maxTokenRequests);
        refuseLessThanOne("max-introspections", maxIntrospections);
        refuseLessThanOne("max-revocations", maxRevocations);
        refuseLessThanOne("max-pages", maxPages);
    }

    private static void refuseLessThanOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("gatehouse.overload." + name + " must be at least 1");
        }
    }
}
