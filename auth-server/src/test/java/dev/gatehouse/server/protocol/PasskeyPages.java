package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.passkey.TestAuthenticator;
import dev.gatehouse.server.protocol.Browser.Page;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the script of a page with passkeys does: hands what the page asks for to an authenticator, and sends what that answers. */
final class PasskeyPages {
    static final String SETUP = "/account/passkeys";

    static final String STEP = "/login/factor/passkey";

    private static final Pattern OPTIONS = Pattern.compile("data-options=\"([^\"]+)\"");

    private PasskeyPages() {}

    /** What the page asks an authenticator for. */
    static String options(Page page) {
        Matcher matcher = OPTIONS.matcher(page.body());
        assertThat(matcher.find()).as(page.url() + " asks for a passkey").isTrue();
        return matcher.group(1).replace("&quot;", "\"").replace("&amp;", "&");
    }

    /** Adds a passkey to the account of whoever is logged in. */
    static Page add(Browser browser, TestAuthenticator authenticator) {
        Page setup = browser.open(SETUP);
        return send(browser, SETUP, setup, authenticator.create(options(setup)));
    }

    static Page logIn(Browser browser, Page login, TestAuthenticator authenticator) {
        return logIn(browser, login, authenticator.get(options(login)));
    }

    static Page logIn(Browser browser, Page login, String credential) {
        return send(browser, "/login/passkey", login, credential);
    }

    static Page confirm(Browser browser, Page step, TestAuthenticator authenticator) {
        return send(browser, STEP, step, authenticator.get(options(step)));
    }

    static Page send(Browser browser, String path, Page page, String credential) {
        Map<String, String> form = page.hidden();
        form.put("label", "a key");
        form.put("credential", credential);
        return browser.post(path, form);
    }
}
