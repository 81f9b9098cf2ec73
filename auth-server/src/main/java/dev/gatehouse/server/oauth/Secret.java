package dev.gatehouse.server.oauth;

/** A value that must not be logged: a token, a code, a password, a client secret. */
public record Secret(String value) {
    @Override
    public String toString() {
        return "***";
    }
}
