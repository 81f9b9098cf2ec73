package dev.gatehouse.server.client;

import dev.gatehouse.server.oauth.Scopes;

/**
 * A resource server's API.
 *
 * @param audience the {@code aud} of its tokens and the {@code resource} that names it, RFC 8707: an absolute URI
 * @param scopes the scopes that it takes
 */
public record Api(String audience, Scopes scopes) {}
