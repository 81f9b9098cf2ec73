package dev.gatehouse.deploy;

import java.util.regex.Pattern;

/** Names of images. */
final class Images {
    private static final Pattern PINNED =
            Pattern.compile("[a-z0-9][a-z0-9./_-]*:(?!latest)[\\w][\\w.-]*(@sha256:[0-9a-f]{64})?");

    private Images() {}

    static boolean pinned(String image) {
        return PINNED.matcher(image).matches();
    }
}
