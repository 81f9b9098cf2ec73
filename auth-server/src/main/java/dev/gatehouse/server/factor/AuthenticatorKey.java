package dev.gatehouse.server.factor;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The secret that an account shares with an authenticator app. */
public final class AuthenticatorKey {
    private static final int GROUP = 4;

    private final byte[] secret;

    private final String sealed;

    AuthenticatorKey(byte[] secret, String sealed) {
        this.secret = secret;
        this.sealed = sealed;
    }

    byte[] secret() {
        return secret;
    }

    /** The same, sealed for its account: what may lie in a store until the person has confirmed it. */
    public String sealed() {
        return sealed;
    }

    /** For typing it by hand, in groups. */
    public String text() {
        return Base32.encode(secret).replaceAll("(.{" + GROUP + "})(?!$)", "$1 ");
    }

    /** For scanning it: the form that authenticator apps have agreed on. */
    public String uri(String house, String username) {
        return "otpauth://totp/" + encoded(house) + ":" + encoded(username) + "?secret=" + Base32.encode(secret)
                + "&issuer=" + encoded(house) + "&algorithm=SHA1&digits=" + Totp.DIGITS + "&period=" + Totp.SECONDS;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
