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
 * @param remember whether the box is offered by which this browser is to be remembered, and is ticked at first
 * @param current who is logged in and could go on as they are
 */
record LoginPage(
        @Nullable String interaction,
        @Nullable String to,
        @Nullable String client,
        String username,
        boolean reauthenticate,
        Remember remember,
        @Nullable String current,
        @Nullable Notice notice) {

    /** The box "Stay signed in on this device". */
    enum Remember {
        HIDDEN,
        OFFERED,
        TICKED
    }

    LoginPage with(Notice said) {
        return new LoginPage(interaction, to, client, username, reauthenticate, remember, current, said);
    }
}
