package dev.gatehouse.server.passkey;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.passkey.Challenges.Purpose;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a page tells the browser to ask an authenticator for, as JSON of WebAuthn section 5.1.8 and 5.1.9. Every passkey has to know
 * its account by itself and to verify the person; nobody is asked what make their authenticator is.
 */
@Component
public final class PasskeyOptions {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String REQUIRED = "required";

    private final Passkeys passkeys;

    private final PasskeyTable table;

    private final Challenges challenges;

    PasskeyOptions(Passkeys passkeys, PasskeyTable table, Challenges challenges) {
        this.passkeys = passkeys;
        this.table = table;
        this.challenges = challenges;
    }

    /**
     * To add a passkey.
     *
     * @param house our name, which authenticators show
     * @param boundTo the login in which it is added
     */
    public String forRegistration(Account account, String house, String boundTo) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("rp", Map.of("id", passkeys.relyingParty().id(), "name", house));
        options.put(
                "user",
                Map.of(
                        "id",
                        table.userHandle(account.id()),
                        "name",
                        account.username(),
                        "displayName",
                        account.displayName()));
        options.put("challenge", Base64Url.encode(challenges.issue(Purpose.REGISTRATION, boundTo)));
        options.put(
                "pubKeyCredParams",
                SignatureAlgorithms.COSE.stream()
                        .map(algorithm -> Map.of("type", "public-key", "alg", algorithm))
                        .toList());
        options.put("timeout", Challenges.LIFETIME.toMillis());
        options.put("excludeCredentials", descriptors(account));
        options.put(
                "authenticatorSelection",
                Map.of("residentKey", REQUIRED, "requireResidentKey", true, "userVerification", REQUIRED));
        options.put("attestation", "none");
        return JSON.writeValueAsString(options);
    }

    /**
     * To log in by a passkey alone, whosever it is.
     *
     * @param boundTo the browser
     */
    public String forLogin(String boundTo) {
        return request(challenges.issue(Purpose.LOGIN, boundTo), List.of());
    }

    /**
     * To confirm a login that a password has begun.
     *
     * @param boundTo that login
     */
    public String forConfirmation(Account account, String boundTo) {
        return request(challenges.issue(Purpose.CONFIRMATION, boundTo), descriptors(account));
    }

    private String request(byte[] challenge, List<Map<String, Object>> allowed) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("challenge", Base64Url.encode(challenge));
        options.put("rpId", passkeys.relyingParty().id());
        options.put("timeout", Challenges.LIFETIME.toMillis());
        options.put("allowCredentials", allowed);
        options.put("userVerification", REQUIRED);
        return JSON.writeValueAsString(options);
    }

    private List<Map<String, Object>> descriptors(Account account) {
        return table.of(account.id()).stream()
                .map(stored -> Map.<String, Object>of(
                        "type", "public-key", "id", stored.credentialId(), "transports", stored.transports()))
                .toList();
    }
}
