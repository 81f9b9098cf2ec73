package dev.gatehouse.server.session;

/** Whoever must learn that a login has ended. It may be told of one login several times, by several servers. */
public interface SessionEndListener {
    void ended(EndedSession session);
}
