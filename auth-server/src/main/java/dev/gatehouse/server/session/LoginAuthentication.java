package dev.gatehouse.server.session;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A logged-in person as Spring Security sees it: the principal is the {@link LoginSession}, the name the account's id. */
final class LoginAuthentication extends AbstractAuthenticationToken {
    private final transient LoginSession login;

    LoginAuthentication(LoginSession login) {
        super(List.of());
        this.login = login;
        setAuthenticated(true);
    }

    @Override
    public LoginSession getPrincipal() {
        return login;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public String getName() {
        return login.accountId();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LoginAuthentication that && login.equals(that.login);
    }

    @Override
    public int hashCode() {
        return login.hashCode();
    }
}
