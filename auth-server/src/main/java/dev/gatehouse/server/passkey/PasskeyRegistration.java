package dev.gatehouse.server.passkey;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.data.AuthenticatorTransport;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import com.webauthn4j.data.client.CollectedClientData;
import com.webauthn4j.util.exception.WebAuthnException;
import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.passkey.Challenges.Purpose;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Adds passkeys, as WebAuthn section 7.1 demands; what make the authenticator says that it is counts for nothing. */
@Component
public final class PasskeyRegistration {
    private static final Set<String> TRANSPORTS = Set.of("usb", "nfc", "ble", "smart-card", "hybrid", "internal");

    private final Passkeys passkeys;

    private final PasskeyTable table;

    private final Challenges challenges;

    private final WebAuthnManager webAuthn;

    private final ObjectConverter converter;

    private final InstantSource clock;

    PasskeyRegistration(
            Passkeys passkeys,
            PasskeyTable table,
            Challenges challenges,
            WebAuthnManager webAuthn,
            ObjectConverter converter,
            InstantSource clock) {
        this.passkeys = passkeys;
        this.table = table;
        this.challenges = challenges;
        this.webAuthn = webAuthn;
        this.converter = converter;
        this.clock = clock;
    }

    /**
     * Adds the passkey that the browser has made.
     *
     * @param credential its RegistrationResponseJSON
     * @param boundTo what its challenge was bound to
     * @return nothing when it is not what was asked for, is known already, or is one too many
     */
    public Optional<Passkey> add(Account account, String label, String credential, String boundTo) {
        return parse(credential).filter(data -> isAsked(data, boundTo)).flatMap(data -> add(account, label, data));
    }

    /** Some malformed input the library answers with whatever exception it runs into. */
    private Optional<RegistrationData> parse(String credential) {
        try {
            return Optional.of(webAuthn.parseRegistrationResponseJSON(credential));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private boolean isAsked(RegistrationData data, String boundTo) {
        CollectedClientData client = data.getCollectedClientData();
        if (client == null) {
            return false;
        }
        byte[] challenge = client.getChallenge().getValue();
        if (!challenges.redeem(Purpose.REGISTRATION, boundTo, challenge)) {
            return false;
        }
        try {
            webAuthn.verify(
                    data,
                    new RegistrationParameters(
                            passkeys.relyingParty().expecting(challenge), SignatureAlgorithms.PARAMETERS, true, true));
            return true;
        } catch (WebAuthnException e) {
            return false;
        }
    }

    private Optional<Passkey> add(Account account, String label, RegistrationData data) {
        if (data.getAttestationObject() == null) {
            return Optional.empty();
        }
        AuthenticatorData<?> authenticator = data.getAttestationObject().getAuthenticatorData();
        AttestedCredentialData made = authenticator.getAttestedCredentialData();
        if (made == null || !isOfProperLength(made.getCredentialId())) {
            return Optional.empty();
        }
        Passkey passkey = new Passkey(
                UUID.randomUUID().toString(),
                account.id(),
                Passkeys.label(label),
                authenticator.isFlagBE(),
                authenticator.isFlagBS(),
                clock.instant(),
                null);
        StoredPasskey stored = new StoredPasskey(
                passkey,
                Base64Url.encode(made.getCredentialId()),
                Base64Url.encode(converter.getCborMapper().writeValueAsBytes(made.getCOSEKey())),
                table.userHandle(account.id()),
                transports(data));
        return table.add(stored, authenticator.getSignCount()) ? Optional.of(passkey) : Optional.empty();
    }

    /** As long as WebAuthn section 4 has them: 16 bytes at least, and 1023 at most. */
    private static boolean isOfProperLength(byte[] credentialId) {
        return credentialId.length >= 16 && credentialId.length <= 1023;
    }

    private static List<String> transports(RegistrationData data) {
        Set<AuthenticatorTransport> said = data.getTransports();
        return said == null
                ? List.of()
                : said.stream()
                        .map(AuthenticatorTransport::getValue)
                        .filter(TRANSPORTS::contains)
                        .sorted()
                        .toList();
    }
}
