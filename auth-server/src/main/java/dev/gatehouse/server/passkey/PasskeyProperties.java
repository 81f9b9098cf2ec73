package dev.gatehouse.server.passkey;

import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.web.IpAddresses;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * For which domain passkeys are made.
 *
 * @param rpId the host of the issuer or a domain above it; the issuer's host when it is absent
 */
@ConfigurationProperties("gatehouse.passkeys")
record PasskeyProperties(@Nullable String rpId) {
    private static final String NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

    private static final Pattern DOMAIN = Pattern.compile("(" + NAME + "\\.)*" + NAME);

    PasskeyProperties {
        if (rpId != null && (!DOMAIN.matcher(rpId).matches() || isAddress(rpId))) {
            throw new IllegalArgumentException(
                    "gatehouse.passkeys.rp-id must be a domain in lower case, for example example.com");
        }
    }

    /** Who we are to authenticators; nobody where the issuer has no name but an address, for which there are no passkeys. */
    Optional<RelyingParty> relyingParty(Issuer issuer) {
        URI uri = URI.create(issuer.value());
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String origin = uri.getScheme() + "://" + host + port;
        if (rpId == null) {
            return isAddress(host) ? Optional.empty() : Optional.of(new RelyingParty(host, origin));
        }
        boolean above = rpId.contains(".") && host.endsWith("." + rpId);
        if (!above && !host.equals(rpId)) {
            throw new IllegalArgumentException(
                    "gatehouse.passkeys.rp-id must be the host of gatehouse.issuer or a domain above it");
        }
        return Optional.of(new RelyingParty(rpId, origin));
    }

    private static boolean isAddress(String host) {
        return host.startsWith("[") || IpAddresses.parse(host).isPresent();
    }
}
