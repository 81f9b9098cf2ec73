package dev.gatehouse.server.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;

/**
 * Browsers that carry a login on after it has expired, each by a cookie of its own that changes whenever it is used. Ending the
 * login ends that too.
 */
public interface RememberedBrowsers {
    /** Whether people are offered it at all. */
    boolean areOffered();

    /**
     * Lets this browser carry on its login, in place of what it had before.
     *
     * @param generation of the account, when the person proved who they are
     */
    void remember(HttpServletRequest request, HttpServletResponse response, LoginSession login, long generation);

    /** Takes this browser's cookie and puts its successor in its place; one atomic decision. */
    Presentation present(HttpServletRequest request, HttpServletResponse response);

    /** What this browser's cookie belongs to, which is not touched. */
    Optional<RememberedBrowser> find(HttpServletRequest request);

    /** Whether the login with this sid is still carried on. */
    boolean isKept(String sid);

    /** Forgets this browser, cookie and all. */
    void forget(HttpServletRequest request, HttpServletResponse response);

    /** Forgets the browser that carries on the login with this sid. Whether there was one. */
    boolean forget(String sid);

    /** The browsers that carry on a login of the person. */
    List<RememberedBrowser> of(String accountId);

    /** What a browser's cookie turned out to be. */
    sealed interface Presentation {}

    /** It is good: the login may go on. */
    record Recognised(RememberedBrowser browser) implements Presentation {}

    /** It was genuine once, and its successor has been given out since: one of the two who have shown it is a thief. */
    record Stolen(RememberedBrowser browser) implements Presentation {}

    /** There is none, or it is over, or nobody has given it out. */
    record Unknown() implements Presentation {}
}
