package dev.gatehouse.server.keys;

/** A signing key as it is stored: its private part sealed for this issuer, key id and state. */
final class SealedKey {
    private final String issuer;

    private final String kid;

    private final KeyState state;

    private final byte[] sealed;

    SealedKey(String issuer, String kid, KeyState state, byte[] sealed) {
        this.issuer = issuer;
        this.kid = kid;
        this.state = state;
        this.sealed = sealed.clone();
    }

    String issuer() {
        return issuer;
    }

    String kid() {
        return kid;
    }

    KeyState state() {
        return state;
    }

    byte[] sealed() {
        return sealed.clone();
    }
}
