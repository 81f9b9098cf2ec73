package dev.gatehouse.server.web;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How requests reach the server.
 *
 * @param trustedProxies the networks of our own proxies; forwarded headers from anywhere else are dropped
 * @param forwardedHeader the kind of header that these proxies set; the other kind is dropped
 * @param maxParameters how many parameters a request may carry
 * @param maxParameterLength the longest value of one parameter, in characters
 */
@ConfigurationProperties("gatehouse.web")
record WebProperties(
        @DefaultValue List<String> trustedProxies,
        @DefaultValue("x-forwarded") ForwardedHeader forwardedHeader,
        @DefaultValue("64") int maxParameters,
        @DefaultValue("16384") int maxParameterLength) {
    WebProperties {
        trustedProxies = List.copyOf(trustedProxies);
        if (trustedProxies.stream().map(Network::parse).anyMatch(block -> block.bits() == 0)) {
            throw new IllegalArgumentException("gatehouse.web.trusted-proxies must not trust every address");
        }
        if (maxParameters < 20 || maxParameterLength < 4096) {
            throw new IllegalArgumentException(
                    "gatehouse.web.max-parameters must be at least 20, max-parameter-length at least 4096");
        }
    }

    /** The two ways in which proxies pass on what they saw. */
    enum ForwardedHeader {
        /** {@code X-Forwarded-For}, {@code -Proto}, {@code -Host} and {@code -Port}. */
        X_FORWARDED,
        /** {@code Forwarded}, RFC 7239. */
        FORWARDED
    }
}
