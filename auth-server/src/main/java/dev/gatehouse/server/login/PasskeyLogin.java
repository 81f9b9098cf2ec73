package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.factor.FactorAttempts;
import dev.gatehouse.server.factor.FactorAttempts.Passed;
import dev.gatehouse.server.factor.FactorAttempts.Wrong;
import dev.gatehouse.server.passkey.PasskeyAssertion;
import dev.gatehouse.server.passkey.PasskeyAssertions;
import dev.gatehouse.server.passkey.Passkeys;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Checks a passkey that is to log its owner in by itself, within the limits. Nobody says a name: whose it is the passkey knows, and
 * whoever has none learns nothing.
 */
@Component
final class PasskeyLogin {
    private final Passkeys passkeys;

    private final PasskeyAssertions assertions;

    private final Accounts accounts;

    private final FactorAttempts attempts;

    PasskeyLogin(Passkeys passkeys, PasskeyAssertions assertions, Accounts accounts, FactorAttempts attempts) {
        this.passkeys = passkeys;
        this.assertions = assertions;
        this.accounts = accounts;
        this.attempts = attempts;
    }

    /** @param browser the secret of the browser that the page was made for */
    Outcome attempt(String credential, String browser, String address) {
        Optional<PasskeyAssertion> assertion = assertions.read(credential);
        Optional<Account> owner = assertion
                .flatMap(claim -> accounts.findById(claim.passkey().accountId()))
                .filter(Account::enabled);
        FactorAttempts.Outcome outcome = attempts.attemptLogin(
                passkeys.name(),
                owner.orElse(null),
                address,
                () -> owner.isPresent() && assertions.acceptLogin(assertion.orElseThrow(), browser));
        return switch (outcome) {
            case Passed _ -> new Succeeded(owner.orElseThrow(), amr(assertion.orElseThrow()));
            case Wrong _ -> new Failed();
            case FactorAttempts.Limited limited -> new Limited(limited.retryAfter());
        };
    }

    /** The authenticator has verified the person, so there are two factors: what they have, and what they know or are. */
    private static List<String> amr(PasskeyAssertion assertion) {
        return Stream.concat(assertion.passkey().amr().stream(), Stream.of(SecondStep.MULTI_FACTOR))
                .toList();
    }

    /** How it ended. */
    sealed interface Outcome {}

    /** The passkey is this person's. */
    record Succeeded(Account account, List<String> amr) implements Outcome {}

    /** It is nobody's, or a disabled account's, or what it signed is not what was asked for. */
    record Failed() implements Outcome {}

    /** Nothing was checked: too many attempts failed before. */
    record Limited(Duration retryAfter) implements Outcome {}
}
