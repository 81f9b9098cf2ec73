package dev.gatehouse.server.revocation;

/** A rule and where it stands in the log. */
record LogEntry(LogPosition position, Rule rule) {}
