package dev.gatehouse.server.passkey;

import com.webauthn4j.data.AuthenticationData;

/** What an authenticator has signed for a login, read but not checked, and the passkey that it claims to be of. */
public final class PasskeyAssertion {
    private final AuthenticationData data;

    private final StoredPasskey stored;

    PasskeyAssertion(AuthenticationData data, StoredPasskey stored) {
        this.data = data;
        this.stored = stored;
    }

    AuthenticationData data() {
        return data;
    }

    StoredPasskey stored() {
        return stored;
    }

    /** How the authenticator names the account, base64url; empty when it does not. */
    @SuppressWarnings("NullAway") // the library means the array where its annotation stands at the elements
    String userHandle() {
        byte[] handle = data.getUserHandle();
        return handle == null ? "" : Base64Url.encode(handle);
    }

    public Passkey passkey() {
        return stored.passkey();
    }
}
