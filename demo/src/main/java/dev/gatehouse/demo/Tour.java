package dev.gatehouse.demo;

import org.jspecify.annotations.Nullable;

/** What the demo prints when it is up: where everything is, who can log in, and a tour to paste. */
final class Tour {
    private Tour() {}

    static String text(DemoOptions options, String mails, @Nullable String adminPassword) {
        String issuer = options.issuer();
        StringBuilder text = new StringBuilder();
        text.append("""

                Gatehouse is up.
                  issuer      %s
                  metadata    %s/.well-known/openid-configuration
                  account     %s/account
                  mails       %s
                  operations  http://localhost:%d/actuator/health
                """.formatted(issuer, issuer, issuer, mails, options.managementPort()));
        if (options.samples()) {
            text.append("""
                      orders      http://localhost:8081/   (log in as alice, password wonderland-9Lives)
                      inventory   http://localhost:8082/
                    """);
        }
        if (adminPassword != null) {
            text.append("""
                      admin       user admin, password %s   (shown this once)
                    """.formatted(adminPassword));
        }
        text.append("""

                Paste this into another terminal: a token, verified locally; revoked; refused.

                """);
        text.append("""
                TOKEN=$(curl -s -u load:load-secret -d grant_type=client_credentials %1$s/oauth2/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
                """.formatted(issuer));
        if (options.samples()) {
            text.append("""
                    curl -s -i -H "Authorization: Bearer $TOKEN" http://localhost:8082/stock
                    """);
        }
        text.append("""
                curl -s -i -u load:load-secret -d token=$TOKEN %1$s/oauth2/revoke
                """.formatted(issuer));
        text.append(options.samples() ? """
                          curl -s -i -H "Authorization: Bearer $TOKEN" http://localhost:8082/stock
                          """ : """
                          curl -s -u inventory:inventory-secret -d token=$TOKEN %1$s/oauth2/introspect
                          """.formatted(issuer));
        text.append("""

                The whole tour is in README.md. Ctrl-C stops everything; the data stay in %s.
                """.formatted(options.data()));
        return text.toString();
    }
}
