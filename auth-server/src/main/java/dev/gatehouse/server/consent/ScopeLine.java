package dev.gatehouse.server.consent;

/**
 * A scope as people read it.
 *
 * @param text what it lets a client do, in plain words; empty when nobody has written any
 */
public record ScopeLine(String name, String text) {}
