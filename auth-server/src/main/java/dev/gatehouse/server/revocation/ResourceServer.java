package dev.gatehouse.server.revocation;

import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.token.AccessTokenClaims;
import org.jspecify.annotations.Nullable;

/**
 * A confidential client that asks what a resource server may ask.
 *
 * @param token the access token that it came with, when it did not come with its secret
 */
public record ResourceServer(Client client, @Nullable AccessTokenClaims token) {}
