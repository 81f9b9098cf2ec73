package dev.gatehouse.server.consent;

import dev.gatehouse.server.client.Api;
import dev.gatehouse.server.client.Apis;
import dev.gatehouse.server.oauth.Scopes;
import java.util.List;
import java.util.Locale;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;

/**
 * Scopes in plain words: what the house's texts say ({@code consent.scope.NAME}), else what is declared with the API that takes
 * the scope.
 */
@Component
public final class ScopeLines {
    private final Apis apis;

    private final MessageSource messages;

    ScopeLines(Apis apis, MessageSource messages) {
        this.apis = apis;
        this.messages = messages;
    }

    public List<ScopeLine> of(Scopes scopes, Locale language) {
        List<Api> all = apis.all();
        return scopes.values().stream()
                .map(scope -> new ScopeLine(scope, text(scope, all, language)))
                .toList();
    }

    private String text(String scope, List<Api> all, Locale language) {
        String told = messages.getMessage("consent.scope." + scope, null, "", language);
        if (told != null && !told.isEmpty()) {
            return told;
        }
        return all.stream()
                .flatMap(api -> api.texts().of(scope, language).stream())
                .findFirst()
                .orElse("");
    }
}
