package dev.gatehouse.server.account;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The passwords on lists that the server has; the lists are loaded when they are first needed. */
final class ListedPasswords implements BreachedPasswords {
    private final Supplier<List<BreachedList>> lists;

    ListedPasswords(Supplier<List<BreachedList>> lists) {
        this.lists = lists;
    }

    /** Lists hold common passwords in lower case: who only changes the case is found as well. */
    @Override
    public boolean contains(String password) {
        return Stream.of(password, password.toLowerCase(Locale.ROOT))
                .distinct()
                .map(spelling -> Sha1.of(spelling).prefix())
                .anyMatch(hash -> lists.get().stream().anyMatch(list -> list.contains(hash)));
    }
}
