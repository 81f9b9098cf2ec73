package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.keys.ServerSecret;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.session.SessionCookie;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;

/**
 * Browsers in which somebody has logged in before, by a cookie: OWASP's device cookie.
 *
 * <p>A login attempt that brings one for the name that it tries is the owner's, in all likelihood, and has a budget of its own that
 * a flood from elsewhere cannot use up. The cookie logs nobody in. It holds a {@link DeviceMark} for each of the last few accounts,
 * the newest first, parted by dots; without the server's key it tells nobody which accounts they are, and one for an account is
 * none for another. A mark is void once the account's password was changed, its second factor replaced or its logins all ended.
 */
@Component
final class KnownDevices {
    private static final String NAME = "gatehouse-device";

    /** How many people share one browser. */
    private static final int MOST_MARKS = 5;

    private static final int LONGEST = MOST_MARKS * 60;

    private final Accounts accounts;

    private final SecretKey key;

    private final SecretKey tieKey;

    private final boolean https;

    private final String cookieName;

    private final Duration remembered;

    private final InstantSource clock;

    private final SecureRandom random;

    KnownDevices(
            Accounts accounts,
            ServerSecret serverSecret,
            Issuer issuer,
            LoginProperties properties,
            InstantSource clock,
            SecureRandom random) {
        this.accounts = accounts;
        this.key = serverSecret.macKey("known-devices");
        this.tieKey = serverSecret.macKey("known-device-ties");
        this.https = SessionCookie.isSecure(issuer);
        this.cookieName = SessionCookie.name(issuer, NAME);
        this.remembered = properties.device().remembered();
        this.clock = clock;
        this.random = random;
    }

    /** The id of this device, if whoever has this name has logged in on it before. Asks the database only for a mark of ours. */
    Optional<String> find(HttpServletRequest request, String username) {
        List<DeviceMark> marks = marks(request).toList();
        if (marks.isEmpty()) {
            return Optional.empty();
        }
        LoginName name = LoginName.of(username);
        return marks.stream()
                .filter(mark -> isFor(mark, name) && isTied(mark, username))
                .findFirst()
                .map(DeviceMark::deviceId);
    }

    /** Marks the device as one on which this person has logged in. */
    void remember(HttpServletRequest request, HttpServletResponse response, Account account) {
        LoginName name = LoginName.of(account.username());
        Optional<String> tie = accounts.deviceTie(account.username());
        if (tie.isEmpty()) {
            return;
        }
        List<DeviceMark> before = marks(request).toList();
        byte[] device = before.stream()
                .filter(mark -> isFor(mark, name) && isTied(mark, account.username()))
                .findFirst()
                .map(DeviceMark::device)
                .orElseGet(this::newDevice);
        DeviceMark mark = made(device, tie.get(), name);
        String value = Stream.concat(Stream.of(mark), before.stream().filter(other -> !isFor(other, name)))
                .limit(MOST_MARKS)
                .map(DeviceMark::text)
                .collect(Collectors.joining("."));
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(cookieName, value)
                        .path("/")
                        .httpOnly(true)
                        .secure(https)
                        .sameSite("Lax")
                        .maxAge(remembered)
                        .build()
                        .toString());
    }

    private byte[] newDevice() {
        byte[] device = new byte[DeviceMark.DEVICE_BYTES];
        random.nextBytes(device);
        return device;
    }

    private DeviceMark made(byte[] device, String tie, LoginName name) {
        int expires = DeviceMark.hours(clock.instant().plus(remembered));
        DeviceMark unsigned = new DeviceMark(expires, device, tied(device, tie), new byte[DeviceMark.MAC_BYTES]);
        return new DeviceMark(expires, device, unsigned.tie(), mac(unsigned, name));
    }

    private Stream<DeviceMark> marks(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return cookies == null
                ? Stream.empty()
                : Arrays.stream(cookies)
                        .filter(cookie -> cookie.getName().equals(cookieName)
                                && cookie.getValue().length() <= LONGEST)
                        .limit(1)
                        .flatMap(cookie -> Arrays.stream(cookie.getValue().split("\\.", MOST_MARKS + 1)))
                        .flatMap(text -> DeviceMark.parse(text).stream())
                        .filter(mark -> !mark.isOver(clock.instant()));
    }

    private boolean isFor(DeviceMark mark, LoginName name) {
        return MessageDigest.isEqual(mark.mac(), mac(mark, name));
    }

    private boolean isTied(DeviceMark mark, String username) {
        return accounts.deviceTie(username)
                .filter(tie -> MessageDigest.isEqual(mark.tie(), tied(mark.device(), tie)))
                .isPresent();
    }

    private byte[] mac(DeviceMark mark, LoginName name) {
        return Arrays.copyOf(
                hmac(key, mark.content(), name.value().getBytes(StandardCharsets.UTF_8)), DeviceMark.MAC_BYTES);
    }

    private byte[] tied(byte[] device, String tie) {
        return Arrays.copyOf(hmac(tieKey, device, tie.getBytes(StandardCharsets.UTF_8)), DeviceMark.TIE_BYTES);
    }

    /** The first part is always as long as the others of its kind. */
    private static byte[] hmac(SecretKey key, byte[] first, byte[] second) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            mac.update(first);
            return mac.doFinal(second);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is missing", e);
        }
    }
}
