package dev.gatehouse.verifier;

import org.jspecify.annotations.Nullable;

/** A server-sent event with the id that it carried itself. */
record FeedEvent(@Nullable String id, String type, String data) {}
