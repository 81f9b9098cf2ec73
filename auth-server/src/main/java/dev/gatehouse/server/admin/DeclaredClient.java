package dev.gatehouse.server.admin;

import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.oauth.Secret;
import org.jspecify.annotations.Nullable;

/**
 * A client and what it authenticates with.
 *
 * @param secret in the demo only
 * @param secretDigest SHA-256 of the secret, in hexadecimal
 */
record DeclaredClient(
        Client client, @Nullable Secret secret, @Nullable String secretDigest) {}
