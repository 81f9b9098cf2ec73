package dev.gatehouse.server.login;

import org.jspecify.annotations.Nullable;

/**
 * What the login page shows.
 *
 * @param interaction the waiting authorization request that a login here serves
 * @param to the account page that a login here leads to
 * @param client the name of the client that waits
 * @param username what stands in the user name field at first
 * @param reauthenticate whether this person is logged in and has to prove it again
 * @param current who is logged in and could go on as they are
 */
record LoginPage(
        @Nullable String interaction,
        @Nullable String to,
        @Nullable String client,
        String username,
        boolean reauthenticate,
        @Nullable String current,
        @Nullable Notice notice) {

    LoginPage with(Notice said) {
        return new LoginPage(interaction, to, client, username, reauthenticate, current, said);
    }
}
