package dev.gatehouse.server.keys;

import dev.gatehouse.server.oauth.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the master key is (in exactly one of the two), and how signing keys come and go.
 *
 * @param masterKey 32 bytes in base64 or hex, with a version in front unless that is 1: {@code 2:kV4…}
 * @param masterKeyFile a file that holds them in the same form
 * @param otherMasterKeys versions that open what they have sealed, and seal nothing
 * @param otherMasterKeyFiles files that hold such versions
 * @param algorithms what there are keys for: some of RS256, PS256, ES256, EdDSA; the first is the standard
 * @param rsaBits the size of RSA keys: 2048, 3072 or 4096
 * @param rotateEvery how long each key signs, from 1 s to 731 d
 * @param jwksMaxAge how long readers may keep the published keys, from 1 s to 1 d
 * @param verifierRefresh how much longer than that the slowest verifier takes to ask again, at most 7 d
 * @param clockSkew how far clocks may be apart, at most 10 min
 * @param publishLead how long before it signs a key is published; by default, and at least, the sum of the three above
 * @param pkcs11 a device that makes and keeps keys
 */
@ConfigurationProperties("gatehouse.keys")
record KeysProperties(
        @Nullable Secret masterKey,
        @Nullable Path masterKeyFile,
        @DefaultValue List<Secret> otherMasterKeys,
        @DefaultValue List<Path> otherMasterKeyFiles,
        @DefaultValue("RS256") List<String> algorithms,
        @DefaultValue("2048") int rsaBits,
        @DefaultValue("90d") Duration rotateEvery,
        @DefaultValue("5m") Duration jwksMaxAge,
        @DefaultValue("10m") Duration verifierRefresh,
        @DefaultValue("60s") Duration clockSkew,
        @Nullable Duration publishLead,
        @Nullable Pkcs11 pkcs11) {
    private static final Set<Integer> RSA_BITS = Set.of(2048, 3072, 4096);

    private static final int MOST_TO_COME = 32;

    KeysProperties {
        if (masterKey != null && masterKey.value().isBlank()) {
            masterKey = null;
        }
        if (masterKeyFile != null && masterKeyFile.toString().isBlank()) {
            masterKeyFile = null;
        }
        if ((masterKey == null) == (masterKeyFile == null)) {
            throw new IllegalArgumentException(
                    "gatehouse.keys.master-key or gatehouse.keys.master-key-file must be set, "
                            + (masterKey == null ? "and neither is" : "not both"));
        }
        otherMasterKeys = List.copyOf(otherMasterKeys);
        otherMasterKeyFiles = List.copyOf(otherMasterKeyFiles);
        masterKeys(masterKey, masterKeyFile, otherMasterKeys, otherMasterKeyFiles);
        algorithms = List.copyOf(algorithms);
        read(algorithms);
        if (pkcs11 != null && pkcs11.newKeys() && !Pkcs11Custody.ALGORITHMS.containsAll(read(algorithms))) {
            throw new IllegalArgumentException("gatehouse.keys.algorithms must be some of "
                    + Pkcs11Custody.ALGORITHMS.stream()
                            .map(SigningAlgorithm::value)
                            .collect(Collectors.joining(", "))
                    + " while gatehouse.keys.pkcs11 makes the keys");
        }
        if (!RSA_BITS.contains(rsaBits)) {
            throw new IllegalArgumentException("gatehouse.keys.rsa-bits must be 2048, 3072 or 4096");
        }
        within("rotate-every", rotateEvery, Duration.ofSeconds(1), Duration.ofDays(731));
        within("jwks-max-age", jwksMaxAge, Duration.ofSeconds(1), Duration.ofDays(1));
        within("verifier-refresh", verifierRefresh, Duration.ZERO, Duration.ofDays(7));
        within("clock-skew", clockSkew, Duration.ZERO, Duration.ofMinutes(10));
        Duration least = jwksMaxAge.plus(verifierRefresh).plus(clockSkew);
        Duration lead = publishLead == null ? least : publishLead;
        if (lead.compareTo(least) < 0) {
            throw new IllegalArgumentException("gatehouse.keys.publish-lead must be at least " + least
                    + ", the sum of jwks-max-age, verifier-refresh and clock-skew: a key would sign before everybody"
                    + " knows it");
        }
        if (lead.compareTo(Duration.ofDays(30)) > 0) {
            throw new IllegalArgumentException("gatehouse.keys.publish-lead must be at most 30 d");
        }
        if (rotateEvery.multipliedBy(MOST_TO_COME).compareTo(lead) < 0) {
            throw new IllegalArgumentException("gatehouse.keys.rotate-every must be longer: with a publish-lead of "
                    + lead + " more than " + MOST_TO_COME + " keys would be published before they sign");
        }
        publishLead = lead;
    }

    /**
     * A hardware security module, or whatever else speaks PKCS#11.
     *
     * @param library the absolute path of its library, which it needs
     * @param slotListIndex which of its slots, counted from 0; the first one by default
     * @param slot which of its slots, by the library's own number
     * @param pin what its user logs in with
     * @param pinFile a file that holds the PIN, in place of the PIN itself
     * @param newKeys whether keys are made there, or it only signs with those that it has made before
     */
    record Pkcs11(
            @Nullable Path library,
            @Nullable Integer slotListIndex,
            @Nullable Integer slot,
            @Nullable Secret pin,
            @Nullable Path pinFile,
            @DefaultValue("true") boolean newKeys) {
        /** Their configuration's syntax gives these a meaning. */
        private static final Pattern SPECIAL = Pattern.compile("[\\p{Cntrl}\"\\\\$]");

        private static final int LONGEST_PIN = 255;

        Pkcs11 {
            if (library == null || library.toString().isBlank()) {
                throw new IllegalArgumentException(
                        "gatehouse.keys.pkcs11.library must be set with the other settings of"
                                + " gatehouse.keys.pkcs11");
            }
            if (!library.isAbsolute() || SPECIAL.matcher(library.toString()).find() || !Files.isRegularFile(library)) {
                throw new IllegalArgumentException(
                        "gatehouse.keys.pkcs11.library must be the absolute path of a library, and there is no "
                                + library);
            }
            if (slotListIndex != null && slotListIndex < 0) {
                throw new IllegalArgumentException("gatehouse.keys.pkcs11.slot-list-index must be at least 0");
            }
            if (slot != null && (slot < 0 || slotListIndex != null)) {
                throw new IllegalArgumentException(
                        "gatehouse.keys.pkcs11.slot must be at least 0, and not set together with slot-list-index");
            }
            if (pin != null && pin.value().isBlank()) {
                pin = null;
            }
            if (pinFile != null && pinFile.toString().isBlank()) {
                pinFile = null;
            }
            if ((pin == null) == (pinFile == null)) {
                throw new IllegalArgumentException(
                        "gatehouse.keys.pkcs11.pin or gatehouse.keys.pkcs11.pin-file must be set, "
                                + (pin == null ? "and neither is" : "not both"));
            }
            read(pin, pinFile);
        }

        Secret secret() {
            return read(pin, pinFile);
        }

        /** The setting that the PIN comes from. */
        String pinSetting() {
            return pinFile == null ? "gatehouse.keys.pkcs11.pin" : "gatehouse.keys.pkcs11.pin-file";
        }

        private static Secret read(@Nullable Secret pin, @Nullable Path file) {
            if (pin != null) {
                return pin;
            }
            try {
                String text = file == null || Files.size(file) > LONGEST_PIN
                        ? ""
                        : Files.readString(file).strip();
                if (!text.isEmpty()) {
                    return new Secret(text);
                }
            } catch (IOException e) {
                // The cause is left out: the reporter prints the innermost message, and that one names no setting.
                throw new IllegalArgumentException("gatehouse.keys.pkcs11.pin-file: " + file + " cannot be read");
            }
            throw new IllegalArgumentException("gatehouse.keys.pkcs11.pin-file: " + file + " is empty or too long");
        }
    }

    Duration lead() {
        return publishLead == null ? Duration.ZERO : publishLead;
    }

    List<SigningAlgorithm> signingAlgorithms() {
        return read(algorithms);
    }

    MasterKeys masterKeys() {
        return masterKeys(masterKey, masterKeyFile, otherMasterKeys, otherMasterKeyFiles);
    }

    private static MasterKeys masterKeys(
            @Nullable Secret text, @Nullable Path file, List<Secret> otherTexts, List<Path> otherFiles) {
        MasterKey current = file != null
                ? MasterKeyText.read("gatehouse.keys.master-key-file", file)
                : MasterKeyText.read("gatehouse.keys.master-key", text == null ? new Secret("") : text);
        List<MasterKey> others = new ArrayList<>();
        otherTexts.forEach(other -> others.add(MasterKeyText.read("gatehouse.keys.other-master-keys", other)));
        otherFiles.forEach(other -> others.add(MasterKeyText.read("gatehouse.keys.other-master-key-files", other)));
        return new MasterKeys(current, others);
    }

    private static List<SigningAlgorithm> read(List<String> names) {
        List<SigningAlgorithm> read = new ArrayList<>();
        for (String name : names) {
            read.add(
                    SigningAlgorithm.of(name)
                            .orElseThrow(
                                    () -> new IllegalArgumentException(
                                            "gatehouse.keys.algorithms must be some of RS256, PS256, ES256, EdDSA, and one is none of them")));
        }
        if (read.isEmpty() || Set.copyOf(read).size() != read.size()) {
            throw new IllegalArgumentException("gatehouse.keys.algorithms must name at least one, and none twice");
        }
        return read;
    }

    private static void within(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("gatehouse.keys.%s must be from %s to %s".formatted(name, least, most));
        }
    }
}
