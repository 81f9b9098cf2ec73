package dev.gatehouse.server.account;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Argon2 by libsodium, in half of BouncyCastle's time and with its working memory outside the heap. libsodium knows Argon2id with
 * one lane and 16 bytes of salt, which is what the house uses; everything else, and what it finds no memory for, is left to the
 * portable implementation. The library comes in the jar of lazysodium and is called by the platform's own foreign function interface.
 */
final class NativeArgon2 implements Argon2 {
    private static final Logger log = LoggerFactory.getLogger(NativeArgon2.class);

    /** A hash that was made by another implementation: a library that does not make the same is not used. */
    private static final Argon2Hash KNOWN = Argon2Hash.of(
            "$argon2id$v=19$m=1024,t=2,p=1$" + "c29tZXNhbHRzb21lc2FsdA$CKGe5/bX9YnCq2rxjW5yQXKxn31v1GKzhDCrMc6r6vA");

    private static final byte[] KNOWN_PASSWORD = {'p', 'a', 's', 's', 'w', 'o', 'r', 'd'};

    private static final int SALT_BYTES = 16;

    private static final int ARGON2ID = 2;

    private static final FunctionDescriptor INIT = FunctionDescriptor.of(ValueLayout.JAVA_INT);

    /** int crypto_pwhash(out, outlen, passwd, passwdlen, salt, opslimit, memlimit, alg). */
    private static final FunctionDescriptor HASH = FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT);

    private final MethodHandle hash;

    private final Argon2 portable;

    private NativeArgon2(MethodHandle hash, Argon2 portable) {
        this.hash = hash;
        this.portable = portable;
    }

    /** The native implementation where it works, the portable one elsewhere. */
    static Argon2 orPortable() {
        Argon2 portable = new PortableArgon2();
        Argon2 chosen = find(portable).orElse(portable);
        log.info("passwords are hashed by {}", chosen.name());
        return chosen;
    }

    static Optional<Argon2> find(Argon2 portable) {
        String resource = resource(System.getProperty("os.name"), System.getProperty("os.arch"));
        try {
            return Optional.ofNullable(resource)
                    .map(name -> new NativeArgon2(load(name), portable))
                    .filter(NativeArgon2::works)
                    .map(found -> found);
        } catch (RuntimeException | LinkageError unusable) {
            log.debug("no native Argon2: {}", unusable.toString());
            return Optional.empty();
        }
    }

    static @Nullable String resource(String system, String processor) {
        return switch (system + " " + processor) {
            case "Linux amd64" -> "/linux64/libsodium.so";
            case "Linux aarch64" -> "/arm64/libsodium.so";
            case "Mac OS X x86_64" -> "/mac/libsodium.dylib";
            case "Mac OS X aarch64" -> "/mac_arm/libsodium.dylib";
            default -> null;
        };
    }

    @SuppressWarnings("restricted") // the manifest enables native access
    private static MethodHandle load(String resource) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup library = library(resource);
        initialize(linker.downcallHandle(library.findOrThrow("sodium_init"), INIT));
        return linker.downcallHandle(library.findOrThrow("crypto_pwhash"), HASH);
    }

    /** The file is needed only until it is loaded. */
    @SuppressWarnings("restricted")
    private static SymbolLookup library(String resource) {
        try (InputStream content = NativeArgon2.class.getResourceAsStream(resource)) {
            if (content == null) {
                throw new IllegalStateException("libsodium is not on the class path");
            }
            Path file = Files.createTempFile("libsodium", ".so");
            try {
                Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
                return SymbolLookup.libraryLookup(file, Arena.global());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new IllegalStateException("libsodium cannot be put into a file", e);
        }
    }

    private static void initialize(MethodHandle init) {
        if (call(() -> (int) init.invokeExact()) < 0) {
            throw new IllegalStateException("libsodium does not start");
        }
    }

    private boolean works() {
        byte[] made = compute(KNOWN_PASSWORD, KNOWN);
        return made != null && KNOWN.isHash(made);
    }

    @Override
    public byte[] derive(byte[] password, Argon2Hash like) {
        byte[] made = knows(like) ? compute(password, like) : null;
        return made == null ? portable.derive(password, like) : made;
    }

    private static boolean knows(Argon2Hash like) {
        return like.isCurrentArgon2id() && like.lanes() == 1 && like.salt().length == SALT_BYTES;
    }

    /** Nothing when the library finds no memory. */
    private byte @Nullable [] compute(byte[] password, Argon2Hash like) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment made = arena.allocate(like.hash().length);
            MemorySegment secret = arena.allocate(Math.max(1, password.length));
            MemorySegment salt = arena.allocateFrom(ValueLayout.JAVA_BYTE, like.salt());
            MemorySegment.copy(password, 0, secret, ValueLayout.JAVA_BYTE, 0, password.length);
            try {
                int result = call(() -> (int) hash.invokeExact(
                        made,
                        made.byteSize(),
                        secret,
                        (long) password.length,
                        salt,
                        (long) like.iterations(),
                        like.memory() * 1024L,
                        ARGON2ID));
                return result == 0 ? made.toArray(ValueLayout.JAVA_BYTE) : null;
            } finally {
                secret.fill((byte) 0);
            }
        }
    }

    @Override
    public String name() {
        return "libsodium";
    }

    @SuppressWarnings("IllegalCatch")
    private static int call(NativeCall call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** A call of a method handle. */
    private interface NativeCall {
        int run() throws Throwable;
    }
}
