package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.demo.LocalMail;
import dev.gatehouse.demo.LocalMail.Mail;
import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.protocol.Browser.Page;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** People of a test's own, whose logins may end without harm to other tests. Not every test's server has a mailbox. */
@Component
@Lazy
final class TestPeople {
    static final String PASSWORD = "only-in-this-test-8Windows";

    private final Accounts accounts;

    private final LocalMail mail;

    private final String issuer;

    TestPeople(Accounts accounts, LocalMail mail, @Value("${gatehouse.issuer}") String issuer) {
        this.accounts = accounts;
        this.mail = mail;
        this.issuer = issuer;
    }

    /** Somebody whose letters are in German. */
    Account create() {
        String id = UUID.randomUUID().toString();
        String name = "p-" + id.substring(0, 13);
        Account account =
                new Account(id, name, name + "@people.example", true, List.of("user"), Map.of("locale", "de-DE"), true);
        accounts.save(account);
        accounts.setPassword(id, new Secret(PASSWORD));
        return account;
    }

    /** What the person gets for a login in this browser, or for the one that is there. */
    Answer tokens(Browser browser, Account person) {
        Page page = browser.open(AuthorizationUrl.of("web").toString());
        return redeemed(page.status() == 200 ? browser.logIn(page, person.username(), PASSWORD) : page);
    }

    /** What {@code web} gets for the code that a browser brings back. */
    Answer redeemed(Page callback) {
        Answer answer = answerFor(callback);
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }

    /** What {@code web} is answered for it, good or bad. */
    Answer answerFor(Page callback) {
        return ClientSide.of(issuer, "web", "web-secret")
                .token(
                        "grant_type",
                        "authorization_code",
                        "code",
                        callback.query().getOrDefault("code", ""),
                        "redirect_uri",
                        AuthorizationUrl.REDIRECT_URI,
                        "code_verifier",
                        AuthorizationUrl.VERIFIER);
    }

    List<String> subjectsOfLettersTo(Account person) {
        return mail.received().stream()
                .filter(m -> m.to().equalsIgnoreCase(person.email()))
                .map(Mail::subject)
                .toList();
    }

    /** Waits for a letter to the person; a test that waits in vain is ended by its timeout. */
    void awaitLetter(Account person, String subject) throws InterruptedException {
        while (!subjectsOfLettersTo(person).contains(subject)) {
            Thread.sleep(20);
        }
    }
}
