package dev.gatehouse.server.login;

import dev.gatehouse.server.account.PasswordRules;
import dev.gatehouse.server.oauth.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;

/** Reads a new password from a form and says, by a message's key, what is wrong with it. */
@Component
public final class NewPassword {
    static final String FIELD = "new-password";

    private static final int LONGEST_FIELD = 1024;

    private final PasswordRules rules;

    private final MessageSource messages;

    NewPassword(PasswordRules rules, MessageSource messages) {
        this.rules = rules;
        this.messages = messages;
    }

    /** The field, or an empty text. */
    public static Secret in(HttpServletRequest request) {
        String[] values = request.getParameterValues(FIELD);
        return new Secret(values == null || values.length != 1 || values[0].length() > LONGEST_FIELD ? "" : values[0]);
    }

    /**
     * The message that says what is wrong with a new password, if anything.
     *
     * @param personal what is known of the person, to which the house's name is added; an address counts by what stands before the @ as well
     */
    public Optional<String> problem(Secret password, @Nullable String... personal) {
        String house = messages.getMessage("house.name", null, LocaleContextHolder.getLocale());
        List<String> words = Stream.concat(Stream.of(house), Stream.of(personal))
                .filter(Objects::nonNull)
                .flatMap(word -> Stream.of(word, word.substring(0, Math.max(0, word.indexOf('@')))))
                .filter(word -> !word.isEmpty())
                .toList();
        return rules.check(password, words)
                .map(problem -> "password.problem." + problem.name().toLowerCase(Locale.ROOT));
    }
}
