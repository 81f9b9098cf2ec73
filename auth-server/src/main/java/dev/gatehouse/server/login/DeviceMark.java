package dev.gatehouse.server.login;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * That one account has been used on a device, as the device's cookie says it: 40 bytes in base64url.
 *
 * <pre>
 * expires  4 bytes   hours since 1970
 * device  12 bytes   random, another one for each account
 * tie      8 bytes   HMAC of the account as it was
 * mac     16 bytes   HMAC of the three above and of the name that logs in
 * </pre>
 */
final class DeviceMark {
    static final int DEVICE_BYTES = 12;

    static final int TIE_BYTES = 8;

    static final int MAC_BYTES = 16;

    private static final int BYTES = Integer.BYTES + DEVICE_BYTES + TIE_BYTES + MAC_BYTES;

    private static final int CHARACTERS = (BYTES * 4 + 2) / 3;

    private final int expires;

    private final byte[] device;

    private final byte[] tie;

    private final byte[] mac;

    DeviceMark(int expires, byte[] device, byte[] tie, byte[] mac) {
        this.expires = expires;
        this.device = device;
        this.tie = tie;
        this.mac = mac;
    }

    static Optional<DeviceMark> parse(String text) {
        if (text.length() != CHARACTERS) {
            return Optional.empty();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            return Optional.of(new DeviceMark(
                    bytes.getInt(), next(bytes, DEVICE_BYTES), next(bytes, TIE_BYTES), next(bytes, MAC_BYTES)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] next(ByteBuffer bytes, int count) {
        byte[] taken = new byte[count];
        bytes.get(taken);
        return taken;
    }

    static int hours(Instant instant) {
        return Math.toIntExact(instant.getEpochSecond() / Duration.ofHours(1).toSeconds());
    }

    boolean isOver(Instant now) {
        return expires <= hours(now);
    }

    byte[] device() {
        return device;
    }

    byte[] tie() {
        return tie;
    }

    byte[] mac() {
        return mac;
    }

    /** What the MAC is over, beside the name. */
    byte[] content() {
        return ByteBuffer.allocate(Integer.BYTES + DEVICE_BYTES + TIE_BYTES)
                .putInt(expires)
                .put(device)
                .put(tie)
                .array();
    }

    String deviceId() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(device);
    }

    String text() {
        byte[] bytes = Arrays.copyOf(content(), BYTES);
        System.arraycopy(mac, 0, bytes, BYTES - MAC_BYTES, MAC_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
