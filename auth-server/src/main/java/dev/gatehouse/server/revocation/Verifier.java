package dev.gatehouse.server.revocation;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One running verifier, as it names itself in the header of its feed request and in its acknowledgements.
 *
 * @param clientId whose credentials it uses: nobody acknowledges for another client
 */
record Verifier(String clientId, String instance) {
    static final String HEADER = "Gatehouse-Verifier";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._:@-]{1,128}");

    static Optional<Verifier> of(String clientId, String instance) {
        return FORM.matcher(instance).matches() ? Optional.of(new Verifier(clientId, instance)) : Optional.empty();
    }

    /** For example {@code inventory/pod-7.4f1c}. */
    String name() {
        return clientId + "/" + instance;
    }
}
