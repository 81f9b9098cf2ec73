package dev.gatehouse.verifier;

/** A token whose text, signature and claims are good, with what has to be looked at again whenever it is presented. */
final class CheckedToken {

    /** Roughly what a token takes in memory: its text, the parsed claims, and another form of them. */
    private static final int BASE_WEIGHT = 1_536;

    private static final int WEIGHT_OF_CHARACTER = 4;

    private final String text;
    private final VerifiedToken token;
    private final RuleTarget target;
    private final VerificationKey key;
    private final long notBefore;
    private final long expires;
    /** The generation of the rules that last let it pass. */
    private volatile long passedGeneration = -1;

    /**
     * @param key the key that its signature was verified with
     * @param notBefore the later of its {@code nbf} and {@code iat}, in seconds since 1970
     * @param expires its {@code exp}
     */
    CheckedToken(
            String text, VerifiedToken token, RuleTarget target, VerificationKey key, long notBefore, long expires) {
        this.text = text;
        this.token = token;
        this.target = target;
        this.key = key;
        this.notBefore = notBefore;
        this.expires = expires;
    }

    String text() {
        return text;
    }

    VerifiedToken token() {
        return token;
    }

    RuleTarget target() {
        return target;
    }

    VerificationKey key() {
        return key;
    }

    long notBefore() {
        return notBefore;
    }

    long expires() {
        return expires;
    }

    boolean hasPassed(long generation) {
        return passedGeneration == generation;
    }

    void passed(long generation) {
        passedGeneration = generation;
    }

    long weight() {
        return BASE_WEIGHT + (long) WEIGHT_OF_CHARACTER * text.length();
    }
}
