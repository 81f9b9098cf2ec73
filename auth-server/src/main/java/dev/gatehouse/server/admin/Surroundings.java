package dev.gatehouse.server.admin;

import dev.gatehouse.server.client.Api;
import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.Scopes;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a file may refer to.
 *
 * @param algorithms what there are signing keys for
 * @param plainSecrets whether secrets and passwords may be written out: only in the demo
 */
record Surroundings(
        Issuer issuer,
        boolean plainSecrets,
        List<SigningAlgorithm> algorithms,
        Set<String> audiences,
        Set<String> scopes) {
    static Surroundings of(
            Issuer issuer, boolean plainSecrets, List<SigningAlgorithm> algorithms, Collection<Api> apis) {
        Set<String> audiences = new HashSet<>(Set.of(issuer.value()));
        Set<String> scopes = new HashSet<>(Scopes.OPENID_CONNECT.values());
        scopes.add(Api.ADMIN_SCOPE);
        for (Api api : apis) {
            audiences.add(api.audience());
            scopes.addAll(api.scopes().values());
        }
        return new Surroundings(issuer, plainSecrets, algorithms, audiences, scopes);
    }

    /** The text with the issuer's URL where it says so. */
    String resolve(String value) {
        return value.replace("${issuer}", issuer.value());
    }
}
