package dev.gatehouse.server.keys;

import dev.gatehouse.server.oauth.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A real SoftHSM in this process: the machine's own, or Debian's packages unpacked, not installed, under target. Its library
 * asks the environment for its configuration, so the build sets {@code SOFTHSM2_CONF}.
 */
final class SoftHsm {
    static final String PIN = "40815-Pin";

    private static final List<String> PACKAGES = List.of("softhsm2", "libsofthsm2", "softhsm2-common");

    private static final Path UNPACKED = Path.of("target/softhsm-packages").toAbsolutePath();

    private static final List<String> LIBRARIES = List.of(
            "usr/lib/softhsm/libsofthsm2.so",
            "usr/lib64/pkcs11/libsofthsm2.so",
            "usr/local/lib/softhsm/libsofthsm2.so");

    private static final Pattern SLOT = Pattern.compile("slot (\\d+)");

    private static @Nullable SoftHsm started;

    private final Path library;

    private final int slot;

    private final int untouchedSlot;

    private SoftHsm(Path library, int slot, int untouchedSlot) {
        this.library = library;
        this.slot = slot;
        this.untouchedSlot = untouchedSlot;
    }

    /** The one of this process, with empty tokens the first time. */
    static synchronized SoftHsm start() {
        if (started == null) {
            try {
                started = make();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return started;
    }

    private static SoftHsm make() throws IOException, InterruptedException {
        String configuration = System.getenv("SOFTHSM2_CONF");
        if (configuration == null) {
            throw new IOException(
                    "run these tests with SOFTHSM2_CONF set to a file that may be written, as Maven does");
        }
        Path folder = Files.createDirectories(Path.of(configuration).getParent());
        Path tokens = Files.createTempDirectory(folder, "tokens");
        Files.writeString(Path.of(configuration), """
                directories.tokendir = %s
                objectstore.backend = file
                log.level = ERROR
                """.formatted(tokens));
        Path root = installed(Path.of("/")).isPresent() ? Path.of("/") : unpacked();
        Path library = installed(root)
                .orElseThrow(() -> new IOException("these tests need SoftHSM: it is neither installed nor to be had"));
        int one = initialize(root, library, "one");
        int other = initialize(root, library, "other");
        return new SoftHsm(library, Math.min(one, other), Math.max(one, other));
    }

    private static Optional<Path> installed(Path root) {
        return LIBRARIES.stream()
                .map(root::resolve)
                .filter(library -> Files.isRegularFile(library) && Files.isExecutable(utility(root)))
                .findFirst();
    }

    private static Path utility(Path root) {
        return root.resolve("usr/bin/softhsm2-util");
    }

    /** The tests of a module run in several processes. */
    private static Path unpacked() throws IOException, InterruptedException {
        Files.createDirectories(UNPACKED);
        Path lock = UNPACKED.resolve("lock");
        try (FileChannel file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = file.lock()) {
            if (installed(UNPACKED).isEmpty()) {
                unpack();
            }
        }
        return UNPACKED;
    }

    private static void unpack() throws IOException, InterruptedException {
        if (!download()) {
            run("apt-get", "update");
            if (!download()) {
                throw new IOException("these tests need SoftHSM: it is neither installed nor to be had from apt-get");
            }
        }
        run("sh", "-c", "for package in *.deb; do dpkg-deb -x $package . || exit 1; done");
    }

    private static boolean download() throws IOException, InterruptedException {
        for (String name : PACKAGES) {
            if (run("apt-get", "download", name).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static int initialize(Path root, Path library, String label) throws IOException, InterruptedException {
        Files.createDirectories(UNPACKED);
        String said = run(
                        utility(root).toString(),
                        "--module",
                        library.toString(),
                        "--init-token",
                        "--free",
                        "--label",
                        label,
                        "--pin",
                        PIN,
                        "--so-pin",
                        "so-" + PIN)
                .orElseThrow(() -> new IOException("SoftHSM makes no token"));
        Matcher slot = SLOT.matcher(said);
        if (!slot.find()) {
            throw new IOException("SoftHSM says in another way where the token is: " + said);
        }
        return Integer.parseInt(slot.group(1));
    }

    /** What the command has said, if it succeeded. */
    private static Optional<String> run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(UNPACKED.toFile())
                .redirectErrorStream(true)
                .start();
        try (InputStream output = process.getInputStream()) {
            String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            boolean good = process.waitFor() == 0;
            if (!good) {
                System.err.println(said);
            }
            return good ? Optional.of(said) : Optional.empty();
        }
    }

    Path library() {
        return library;
    }

    /** The first one in its list. */
    int slot() {
        return slot;
    }

    /** Where this process has never logged in, so that the PIN matters. */
    int untouchedSlot() {
        return untouchedSlot;
    }

    KeysProperties.Pkcs11 settings() {
        return new KeysProperties.Pkcs11(library, null, slot, new Secret(PIN), null, true);
    }

    /** As another replica has it: of its own. */
    Pkcs11Device device() {
        try {
            return Pkcs11Device.connect(settings());
        } catch (UnusableDeviceException e) {
            throw new IllegalStateException(e);
        }
    }

    Pkcs11Custody custody() {
        try {
            return new Pkcs11Custody(settings(), 2048);
        } catch (UnusableDeviceException e) {
            throw new IllegalStateException(e);
        }
    }
}
