package dev.gatehouse.server.login;

import dev.gatehouse.server.oauth.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** The login form as it was sent. */
record LoginForm(String username, Secret password) {
    static final int MAX_USERNAME = 256;

    static final int MAX_PASSWORD = 1024;

    /** The form, unless no browser filled in our page: a field twice, too long, or a password in the URL. */
    static Optional<LoginForm> of(HttpServletRequest request) {
        String query = request.getQueryString();
        String[] usernames = request.getParameterValues("username");
        String[] passwords = request.getParameterValues("password");
        boolean strange = (query != null && query.contains("password"))
                || (usernames != null && (usernames.length > 1 || usernames[0].length() > MAX_USERNAME))
                || (passwords != null && (passwords.length > 1 || passwords[0].length() > MAX_PASSWORD));
        return strange
                ? Optional.empty()
                : Optional.of(new LoginForm(
                        usernames == null ? "" : usernames[0].strip(),
                        new Secret(passwords == null ? "" : passwords[0])));
    }

    boolean isComplete() {
        return !username.isEmpty() && !password.value().isEmpty();
    }
}
