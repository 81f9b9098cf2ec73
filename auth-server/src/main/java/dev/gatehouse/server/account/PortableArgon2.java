package dev.gatehouse.server.account;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2 with any parameters on any platform, by BouncyCastle. */
final class PortableArgon2 implements Argon2 {
    @Override
    public byte[] derive(byte[] password, Argon2Hash like) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(type(like.type()))
                .withVersion(like.version())
                .withMemoryAsKB(like.memory())
                .withIterations(like.iterations())
                .withParallelism(like.lanes())
                .withSalt(like.salt())
                .build());
        byte[] hash = new byte[like.hash().length];
        generator.generateBytes(password, hash);
        return hash;
    }

    @Override
    public String name() {
        return "bouncycastle";
    }

    private static int type(String name) {
        return switch (name) {
            case "argon2d" -> Argon2Parameters.ARGON2_d;
            case "argon2i" -> Argon2Parameters.ARGON2_i;
            default -> Argon2Parameters.ARGON2_id;
        };
    }
}
