package dev.gatehouse.server.protocol;

import java.util.List;
import java.util.Map;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** An answered introspection request, RFC 7662 section 2.2. */
final class Introspection extends AbstractAuthenticationToken {
    static final Introspection INACTIVE = new Introspection(Map.of("active", false));

    private final transient Map<String, Object> answer;

    Introspection(Map<String, Object> answer) {
        super(List.of());
        this.answer = answer;
        setAuthenticated(true);
    }

    Map<String, Object> answer() {
        return answer;
    }

    @Override
    public Object getPrincipal() {
        return "";
    }

    @Override
    public Object getCredentials() {
        return "";
    }
}
