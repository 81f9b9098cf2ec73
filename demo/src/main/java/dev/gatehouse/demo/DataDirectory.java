package dev.gatehouse.demo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The directory that a demo keeps its data in: made for its owner alone, or known to be ours, and held by one demo at a time.
 * A directory that is neither new, empty nor ours is refused and left as it is.
 */
final class DataDirectory implements AutoCloseable {
    static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final String MARKER = "gatehouse-demo";

    /** Keeps the lock; the system gives it back when this process ends, however it ends. */
    private final FileChannel held;

    private DataDirectory(FileChannel held) {
        this.held = held;
    }

    /** Makes or recognises the directory and holds it. */
    static DataDirectory hold(Path directory) throws IOException {
        if (Files.exists(directory)) {
            requireOurs(directory);
        } else {
            Files.createDirectories(directory, OWNER_ONLY);
        }
        Files.writeString(directory.resolve(MARKER), "The data of ./gatehouse demo.\n");
        return new DataDirectory(lock(directory));
    }

    private static void requireOurs(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IOException(directory + " is not a directory");
        }
        if (Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException("everybody can write to " + directory + ": choose another directory with --data");
        }
        if (!isEmpty(directory) && !isMarked(directory) && !holdsOurDatabases(directory)) {
            throw new IOException(directory + " holds other files: choose a new or an empty directory with --data");
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    private static boolean isMarked(Path directory) {
        return Files.isRegularFile(directory.resolve(MARKER));
    }

    /** What demos left that did not mark their directory yet. */
    private static boolean holdsOurDatabases(Path directory) {
        return Files.exists(directory.resolve("postgres/PG_VERSION")) && Files.isDirectory(directory.resolve("redis"));
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel file =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (file.tryLock() != null) {
                return file;
            }
        } catch (OverlappingFileLockException _) {
            // Held within this very process: answered like any other.
        }
        file.close();
        throw new IOException("a demo is already running on " + directory);
    }

    @Override
    public void close() throws IOException {
        held.close();
    }
}
