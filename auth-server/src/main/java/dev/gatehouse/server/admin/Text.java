package dev.gatehouse.server.admin;

/** A scalar of the file, as it is written there. */
record Text(String value, int line) {}
