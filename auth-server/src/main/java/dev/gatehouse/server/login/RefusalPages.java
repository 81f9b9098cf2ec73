package dev.gatehouse.server.login;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.server.session.Interaction;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.ViewResolver;
import org.springframework.web.servlet.support.RequestContextUtils;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * What a login is answered that was turned away unchecked, while many a second are: a page with a way back instead of the form. It is
 * made once for each language and wording, so that a flood costs no more than sending it.
 */
@Component
final class RefusalPages {
    private static final String TEMPLATE = "login-refused";

    private static final int MOST_KEPT = 500;

    /** Stands in the page that is kept, where the way back belongs. */
    private static final String BACK = "/login?back";

    private static final Pattern INTERACTION = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final ObjectProvider<ViewResolver> resolvers;

    private final LocaleResolver languages;

    private final Cache<Wording, String> pages =
            Caffeine.newBuilder().maximumSize(MOST_KEPT).build();

    RefusalPages(ObjectProvider<ViewResolver> resolvers, LocaleResolver languages) {
        this.resolvers = resolvers;
        this.languages = languages;
    }

    ModelAndView page(Refusal refusal, LoginDestination destination) {
        View view = (model, request, response) -> {
            Wording wording = new Wording(RequestContextUtils.getLocale(request), refusal.notice());
            write(response, kept(wording, model, request, response), back(destination));
        };
        ModelAndView page = new ModelAndView(view);
        page.setStatus(refusal.status());
        return page;
    }

    /** Answers without a controller, if the page has been made already. Whether it did. */
    boolean answer(HttpServletRequest request, HttpServletResponse response, Refusal refusal) throws IOException {
        String kept = pages.getIfPresent(new Wording(languages.resolveLocale(request), refusal.notice()));
        if (kept == null) {
            return false;
        }
        response.setStatus(refusal.status().value());
        refusal.writeRetryAfter(response);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        write(response, kept, back(request));
        return true;
    }

    private static void write(HttpServletResponse response, String kept, String back) throws IOException {
        response.setContentType("text/html;charset=UTF-8");
        response.getOutputStream().write(kept.replace(BACK, back).getBytes(StandardCharsets.UTF_8));
    }

    private static String back(HttpServletRequest request) {
        String interaction = request.getParameter("interaction");
        return interaction != null && INTERACTION.matcher(interaction).matches()
                ? "/login?interaction=" + interaction
                : back(LoginDestination.of(Optional.empty(), request.getParameter("to")));
    }

    /** Neither an interaction's id nor an account page's path has a character that means something in HTML. */
    private static String back(LoginDestination destination) {
        Interaction interaction = destination.interaction();
        if (interaction != null) {
            return "/login?interaction=" + interaction.id();
        }
        return destination.path() == null ? "/login" : "/login?to=" + destination.path();
    }

    private String kept(
            Wording wording, @Nullable Map<String, ?> model, HttpServletRequest request, HttpServletResponse response)
            throws Exception {
        String kept = pages.getIfPresent(wording);
        if (kept == null) {
            Map<String, Object> filled = new HashMap<>(model == null ? Map.of() : model);
            filled.put("notice", wording.notice());
            filled.put("back", BACK);
            kept = rendered(wording.language(), filled, request, response);
            pages.put(wording, kept);
        }
        return kept;
    }

    private String rendered(
            Locale language, Map<String, ?> model, HttpServletRequest request, HttpServletResponse response)
            throws Exception {
        ContentCachingResponseWrapper captured = new ContentCachingResponseWrapper(response);
        for (ViewResolver resolver : resolvers.orderedStream().toList()) {
            View view = resolver.resolveViewName(TEMPLATE, language);
            if (view != null) {
                view.render(model, request, captured);
                return new String(captured.getContentAsByteArray(), StandardCharsets.UTF_8);
            }
        }
        throw new IllegalStateException("there is no template " + TEMPLATE);
    }

    private record Wording(Locale language, Notice notice) {}
}
