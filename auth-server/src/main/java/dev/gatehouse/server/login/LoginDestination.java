package dev.gatehouse.server.login;

import dev.gatehouse.server.session.Interaction;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the browser goes once the person has logged in: back to the authorization request that waits, or to an account page.
 *
 * @param interaction the waiting authorization request
 * @param path an account page, a path of this server
 */
record LoginDestination(
        @Nullable Interaction interaction, @Nullable String path) {
    /** No slash, host or query can get in: nobody is sent elsewhere by a link to our login page. */
    private static final Pattern ACCOUNT_PAGE = Pattern.compile("/account(/[a-z0-9-]{1,40}){0,3}");

    /** @param to what the request asks for; what is no account page counts for nothing */
    static LoginDestination of(Optional<Interaction> interaction, @Nullable String to) {
        boolean known = to != null && ACCOUNT_PAGE.matcher(to).matches();
        return new LoginDestination(interaction.orElse(null), known ? to : null);
    }
}
