package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.account.OneTimeTokens;
import dev.gatehouse.server.account.OneTimeTokens.Purpose;
import dev.gatehouse.server.mail.EmailAddress;
import dev.gatehouse.server.mail.Letter;
import dev.gatehouse.server.mail.Mails;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.ratelimit.Limit;
import dev.gatehouse.server.ratelimit.RateLimiter;
import dev.gatehouse.server.ratelimit.RateLimiter.Allowed;
import dev.gatehouse.server.ratelimit.RateLimiter.Bucket;
import dev.gatehouse.server.web.IpAddresses;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.task.TaskExecutor;
import org.springframework.stereotype.Component;

/**
 * The letters of registration and recovery. Everything that depends on who has an account happens in the background: neither the
 * answer nor its time tells.
 */
@Component
public final class AccountLetters {
    private static final Logger LOG = LoggerFactory.getLogger(AccountLetters.class);

    /** Nobody's mailbox is to be flooded through us. */
    private static final Limit TO_ONE = new Limit("mail-recipient", 5, 5, Duration.ofHours(1));

    private static final Limit FROM_ONE = new Limit("mail-address", 20, 20, Duration.ofHours(1));

    private static final Limit ALL = new Limit("mail-all", 2000, 2000, Duration.ofHours(1));

    private static final Limit WARNING = new Limit("mail-warning", 1, 1, Duration.ofMinutes(10));

    private final Mails mails;

    private final Accounts accounts;

    private final OneTimeTokens tokens;

    private final Issuer issuer;

    private final RateLimiter rateLimiter;

    private final TaskExecutor background;

    AccountLetters(
            Mails mails,
            Accounts accounts,
            OneTimeTokens tokens,
            Issuer issuer,
            RateLimiter rateLimiter,
            @Qualifier("applicationTaskExecutor") TaskExecutor background) {
        this.mails = mails;
        this.accounts = accounts;
        this.tokens = tokens;
        this.issuer = issuer;
        this.rateLimiter = rateLimiter;
        this.background = background;
    }

    boolean areSent() {
        return mails.areSent();
    }

    /** Whether this client may ask for one more letter. */
    RateLimiter.Decision mayAsk(String clientAddress) {
        return rateLimiter.acquire(List.of(new Bucket(FROM_ONE, IpAddresses.customer(clientAddress))));
    }

    /** Asks whoever reads this address to open their account, or tells them that they have one. */
    void register(EmailAddress email, Locale language) {
        soon(() -> {
            if (!maySend(email.key())) {
                return;
            }
            if (accounts.findByEmail(email.value()).isPresent()) {
                send(email.value(), language, "have-account", Map.of("link", issuer.value() + "/recover"));
            } else {
                Secret token = tokens.issue(Purpose.REGISTER, email.key(), email.value());
                send(email.value(), language, "register", link("/register/complete", token));
            }
        });
    }

    /** Sends the account's owner a way to set a new password, if there is such an account and an address. */
    void recover(String usernameOrEmail, Locale language) {
        soon(() -> {
            Account account = accounts.findByUsername(usernameOrEmail)
                    .or(() -> EmailAddress.of(usernameOrEmail).flatMap(email -> accounts.findByEmail(email.value())))
                    .filter(Account::enabled)
                    .filter(Account::emailVerified)
                    .orElse(null);
            String email = account == null ? null : account.email();
            if (account == null || email == null || !maySend(email.toLowerCase(Locale.ROOT))) {
                return;
            }
            Secret token = tokens.issue(Purpose.RECOVER, account.id(), email);
            Map<String, Object> values = new LinkedHashMap<>(link("/recover/password", token));
            values.put("name", account.displayName());
            send(email, language, "recover", values);
        });
    }

    /** Asks whoever reads the new address to confirm it, and tells the old one. */
    public void changeEmail(Account account, EmailAddress email, Locale language) {
        soon(() -> {
            if (!maySend(email.key())) {
                return;
            }
            Secret token = tokens.issue(Purpose.VERIFY_EMAIL, account.id(), email.value());
            send(email.value(), language, "verify-email", link("/verify-email", token));
        });
        tell(account, language, "email-changes", Map.of("to", email.value()));
    }

    /** Tells the person what has happened to their account, at the address that it has had so far. */
    public void tell(Account account, Locale language, String letter, Map<String, Object> values) {
        Optional.ofNullable(account.email())
                .filter(_ -> account.emailVerified())
                .ifPresent(email -> send(email, language, letter, values));
    }

    /**
     * Tells the person, in the language of their {@code locale} claim, what has happened without them; once in ten minutes however
     * often it happens.
     */
    public void warn(Account account, String letter) {
        if (rateLimiter.acquire(List.of(new Bucket(WARNING, letter + " " + account.id()))) instanceof Allowed) {
            Object language = account.claims().getOrDefault("locale", "en");
            tell(account, Locale.forLanguageTag(language.toString()), letter, link("/account/devices"));
        }
    }

    private Map<String, Object> link(String path, Secret token) {
        return link(path + "?token=" + token.value());
    }

    private Map<String, Object> link(String path) {
        return Map.of("link", issuer.value() + path);
    }

    private boolean maySend(String recipient) {
        return rateLimiter.acquire(List.of(new Bucket(TO_ONE, recipient), new Bucket(ALL, ""))) instanceof Allowed;
    }

    private void send(String to, Locale language, String letter, Map<String, Object> values) {
        mails.send(new Letter(to, language, letter, values));
    }

    private void soon(Runnable work) {
        background.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.error("a letter about an account could not be written", e);
            }
        });
    }
}
