package dev.gatehouse.server.token;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a token says of the person it speaks for: the login behind it and the roles. */
public record Person(@Nullable String sid, Instant authTime, String acr, List<String> amr, List<String> roles) {
    public Person {
        amr = List.copyOf(amr);
        roles = List.copyOf(roles);
    }
}
