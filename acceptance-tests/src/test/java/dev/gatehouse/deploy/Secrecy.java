package dev.gatehouse.deploy;

import java.util.Optional;
import java.util.regex.Pattern;

/** Tells a setting that carries a secret from one that says in which file the secret is. */
final class Secrecy {
    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i).*(password|secret|master_?-?key|private_?-?key|credential|token$).*");
    private static final Pattern SECRET_TEXT =
            Pattern.compile("(?s).*(-----BEGIN|://[^/@\\s]*:[^/@\\s]*@|[?&]password=|requirepass|--pass(word)?[= ]).*");

    private Secrecy() {}

    static Optional<String> inlined(String name, String value) {
        boolean named = SECRET_NAME.matcher(name).matches() && !value.startsWith("/run/");
        return named || SECRET_TEXT.matcher(value).matches()
                ? Optional.of(name + " carries a secret: name a file instead")
                : Optional.empty();
    }

    static boolean inText(String text) {
        return SECRET_TEXT.matcher(text).matches();
    }
}
