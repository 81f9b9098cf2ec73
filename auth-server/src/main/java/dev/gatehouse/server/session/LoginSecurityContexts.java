package dev.gatehouse.server.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.context.HttpRequestResponseHolder;
import org.springframework.security.web.context.SecurityContextRepository;

/** Rebuilds the security context from the login of the request's browser; stores nothing of its own. */
final class LoginSecurityContexts implements SecurityContextRepository {
    private final LoginSessions logins;

    LoginSecurityContexts(LoginSessions logins) {
        this.logins = logins;
    }

    @Override
    @SuppressWarnings("deprecation") // the interface still asks for it; the deferred form calls it
    public SecurityContext loadContext(HttpRequestResponseHolder holder) {
        return logins.current(holder.getRequest())
                .<SecurityContext>map(login -> new SecurityContextImpl(new LoginAuthentication(login)))
                .orElseGet(SecurityContextImpl::new);
    }

    @Override
    public void saveContext(SecurityContext context, HttpServletRequest request, HttpServletResponse response) {
        // LoginSessions.start and end are what changes who is logged in.
    }

    @Override
    public boolean containsContext(HttpServletRequest request) {
        return logins.current(request).isPresent();
    }
}
