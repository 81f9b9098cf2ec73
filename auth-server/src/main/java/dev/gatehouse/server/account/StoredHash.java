package dev.gatehouse.server.account;

/** What a password is checked against, with work and lengths within bounds. */
sealed interface StoredHash {

    /** As it is kept in the table: the algorithm in braces, then the spelling that is most usual for it. */
    String stored();

    /** Argon2 in the PHC format, the house's own and others'. */
    record Own(Argon2Hash hash) implements StoredHash {
        @Override
        public String stored() {
            return "{argon2}" + hash.text();
        }
    }

    /** A hash of another algorithm, good until its person logs in. It is checked against the password as typed. */
    sealed interface Foreign extends StoredHash permits BcryptHash, ScryptHash, Pbkdf2Hash {
        boolean matches(String password);
    }
}
