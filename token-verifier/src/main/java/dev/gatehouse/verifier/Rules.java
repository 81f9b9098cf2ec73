package dev.gatehouse.verifier;

/** The rules that a verifier holds. One thread writes, many read; a rule only ever adds refusals. */
interface Rules {

    void add(Rule rule);

    boolean refuse(RuleTarget token);

    /** Forgets the rules that expired at or before the given second since 1970. */
    void forget(long second);

    long size();
}
