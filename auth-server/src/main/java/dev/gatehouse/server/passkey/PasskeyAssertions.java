package dev.gatehouse.server.passkey;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.attestation.authenticator.AAGUID;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import com.webauthn4j.data.attestation.authenticator.COSEKey;
import com.webauthn4j.data.client.CollectedClientData;
import com.webauthn4j.util.exception.WebAuthnException;
import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.audit.SecurityEvent;
import dev.gatehouse.server.passkey.Challenges.Purpose;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Checks what passkeys sign, as WebAuthn section 7.2 demands: the challenge is ours, unused and for this browser; type, origin, domain,
 * presence and verification of the person, and the signature are right; and the counter moves on. The last of these is left to
 * one SQL statement, so that two uses of a copied key cannot slip past each other.
 */
@Component
public final class PasskeyAssertions {
    /** The library compares with a counter that was read before; ours is compared where it is written. */
    private static final long UNCOMPARED = 0;

    private final Passkeys passkeys;

    private final PasskeyTable table;

    private final Challenges challenges;

    private final WebAuthnManager webAuthn;

    private final ObjectConverter converter;

    private final AuditLog auditLog;

    PasskeyAssertions(
            Passkeys passkeys,
            PasskeyTable table,
            Challenges challenges,
            WebAuthnManager webAuthn,
            ObjectConverter converter,
            AuditLog auditLog) {
        this.passkeys = passkeys;
        this.table = table;
        this.challenges = challenges;
        this.webAuthn = webAuthn;
        this.converter = converter;
        this.auditLog = auditLog;
    }

    /**
     * Reads what the browser brings, its AuthenticationResponseJSON.
     *
     * @return nothing when it is none, or of a passkey that nobody has
     */
    public Optional<PasskeyAssertion> read(String credential) {
        return parse(credential).flatMap(data -> find(data).map(stored -> new PasskeyAssertion(data, stored)));
    }

    /** Some malformed input the library answers with whatever exception it runs into. */
    private Optional<AuthenticationData> parse(String credential) {
        try {
            return Optional.of(webAuthn.parseAuthenticationResponseJSON(credential));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    @SuppressWarnings("NullAway") // the library means the array where its annotation stands at the elements
    private Optional<StoredPasskey> find(AuthenticationData data) {
        byte[] credentialId = data.getCredentialId();
        return credentialId == null ? Optional.empty() : table.byCredentialId(Base64Url.encode(credentialId));
    }

    /**
     * Whether it logs its account in by itself.
     *
     * @param boundTo the browser that the challenge was given to
     */
    public boolean acceptLogin(PasskeyAssertion assertion, String boundTo) {
        return isOwner(assertion) && accept(assertion, Purpose.LOGIN, boundTo);
    }

    /**
     * Whether it confirms the login of this account.
     *
     * @param boundTo the login that the challenge was given to
     */
    public boolean acceptConfirmation(Account account, PasskeyAssertion assertion, String boundTo) {
        return assertion.passkey().accountId().equals(account.id())
                && (assertion.userHandle().isEmpty() || isOwner(assertion))
                && accept(assertion, Purpose.CONFIRMATION, boundTo);
    }

    private static boolean isOwner(PasskeyAssertion assertion) {
        return assertion.userHandle().equals(assertion.stored().userHandle());
    }

    private boolean accept(PasskeyAssertion assertion, Purpose purpose, String boundTo) {
        CollectedClientData client = assertion.data().getCollectedClientData();
        if (client == null) {
            return false;
        }
        byte[] challenge = client.getChallenge().getValue();
        if (!challenges.redeem(purpose, boundTo, challenge)) {
            return false;
        }
        try {
            webAuthn.verify(
                    assertion.data(),
                    new AuthenticationParameters(
                            passkeys.relyingParty().expecting(challenge),
                            record(assertion.stored()),
                            null,
                            true,
                            true));
        } catch (WebAuthnException e) {
            return false;
        }
        return use(assertion);
    }

    private CredentialRecordImpl record(StoredPasskey stored) {
        @Nullable
        COSEKey key = converter.getCborMapper().readValue(Base64Url.decode(stored.publicKey()), COSEKey.class);
        return new CredentialRecordImpl(
                null,
                true,
                stored.passkey().movable(),
                stored.passkey().backedUp(),
                UNCOMPARED,
                new AttestedCredentialData(
                        AAGUID.ZERO, Base64Url.decode(stored.credentialId()), Objects.requireNonNull(key)),
                null,
                null,
                null,
                Set.of());
    }

    private boolean use(PasskeyAssertion assertion) {
        AuthenticatorData<?> authenticator =
                Objects.requireNonNull(assertion.data().getAuthenticatorData());
        Passkey passkey = assertion.passkey();
        boolean movedOn = table.use(passkey.id(), authenticator.getSignCount(), authenticator.isFlagBS());
        if (!movedOn && isThere(assertion)) {
            auditLog.record(SecurityEvent.of("passkey.counter", "refused")
                    .with("sub", passkey.accountId())
                    .with("passkey", passkey.id()));
        }
        return movedOn;
    }

    private boolean isThere(PasskeyAssertion assertion) {
        return table.byCredentialId(assertion.stored().credentialId()).isPresent();
    }
}
