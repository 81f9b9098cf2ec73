package dev.gatehouse.sample.orders;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2Error;

/**
 * This service's own token, fetched by one caller at a time and forgotten when it is refused. One lock guards both, so that
 * a late refusal of an old token never takes away the new one that another caller has fetched meanwhile.
 */
final class OwnTokens implements OAuth2AuthorizedClientManager, ClientHttpRequestInterceptor {
    static final String REGISTRATION = "inventory";

    static final Authentication OURSELVES =
            new AnonymousAuthenticationToken("orders", "orders", AuthorityUtils.createAuthorityList("ROLE_SERVICE"));

    private final OAuth2AuthorizedClientManager manager;

    private final OAuth2AuthorizedClientService kept;

    private final ReentrantLock lock = new ReentrantLock();

    OwnTokens(OAuth2AuthorizedClientManager manager, OAuth2AuthorizedClientService kept) {
        this.manager = manager;
        this.kept = kept;
    }

    /** Many callers at once must not fetch as many tokens, nor wait one after the other for an issuer that hangs. */
    @Override
    public @Nullable OAuth2AuthorizedClient authorize(OAuth2AuthorizeRequest request) {
        if (!locked()) {
            throw new OAuth2AuthorizationException(new OAuth2Error("temporarily_unavailable"));
        }
        try {
            return manager.authorize(request);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        ClientHttpResponse response = execution.execute(request, body);
        if (response.getStatusCode().isSameCodeAs(HttpStatus.UNAUTHORIZED)) {
            forget(request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION));
        }
        return response;
    }

    private void forget(@Nullable String sent) {
        // Who cannot get the lock leaves the token: its next refusal comes here again.
        if (!locked()) {
            return;
        }
        try {
            OAuth2AuthorizedClient held = kept.loadAuthorizedClient(REGISTRATION, OURSELVES.getName());
            if (held != null && ("Bearer " + held.getAccessToken().getTokenValue()).equals(sent)) {
                kept.removeAuthorizedClient(REGISTRATION, OURSELVES.getName());
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean locked() {
        try {
            return lock.tryLock(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
