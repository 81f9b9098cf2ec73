package dev.gatehouse.server.protocol;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a redirect URI is the registered one: the same text, RFC 9700 section 2.1. */
final class RedirectUris {
    /** On a loopback address a native app listens at whatever port it gets, RFC 8252 section 7.3. */
    private static final Pattern LOOPBACK =
            Pattern.compile("http://(127\\.0\\.0\\.1|\\[::1])(?::[0-9]{1,5})?((?:[/?][^#]*)?)");

    private RedirectUris() {}

    static boolean matches(String registered, String requested) {
        return registered.equals(requested) || differOnlyInLoopbackPort(registered, requested);
    }

    private static boolean differOnlyInLoopbackPort(String registered, String requested) {
        Matcher ours = LOOPBACK.matcher(registered);
        Matcher theirs = LOOPBACK.matcher(requested);
        return ours.matches()
                && theirs.matches()
                && ours.group(1).equals(theirs.group(1))
                && ours.group(2).equals(theirs.group(2));
    }
}
