package dev.gatehouse.server.passkey;

import dev.gatehouse.server.account.SecondFactor;
import dev.gatehouse.server.oauth.Issuer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** The passkeys of people: which they have, what they call them, and their end. The first among the factors that a login is asked for. */
@Component
@Order(10)
public final class Passkeys implements SecondFactor {
    public static final int LONGEST_LABEL = 60;

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final PasskeyTable table;

    private final Optional<RelyingParty> relyingParty;

    Passkeys(PasskeyTable table, PasskeyProperties properties, Issuer issuer) {
        this.table = table;
        this.relyingParty = properties.relyingParty(issuer);
    }

    @Override
    public String name() {
        return "passkey";
    }

    /** Whether there can be any here: authenticators know servers by a name, not by an address. */
    public boolean arePossible() {
        return relyingParty.isPresent();
    }

    RelyingParty relyingParty() {
        return relyingParty.orElseThrow(() -> new IllegalStateException("no passkeys for an issuer without a name"));
    }

    @Override
    public boolean needsRedis() {
        return true;
    }

    @Override
    public boolean isEnrolled(String accountId) {
        return table.has(accountId);
    }

    public List<Passkey> of(String accountId) {
        return table.of(accountId).stream().map(StoredPasskey::passkey).toList();
    }

    /** Whether the person may not have one more. */
    public boolean areFull(String accountId) {
        return of(accountId).size() >= PasskeyTable.MOST;
    }

    public void rename(String accountId, String id, String label) {
        String clean = label(label);
        if (ID.matcher(id).matches() && !clean.isEmpty()) {
            table.rename(accountId, id, clean);
        }
    }

    /** Whether the person had it. */
    public boolean remove(String accountId, String id) {
        return ID.matcher(id).matches() && table.remove(accountId, id);
    }

    /** All of them, and how authenticators know the account. */
    @Override
    public boolean remove(String accountId) {
        return table.forget(accountId);
    }

    /** A label on one line, no longer than it may be. */
    static String label(String typed) {
        String line = typed.strip().replaceAll("\\s+", " ");
        return line.codePointCount(0, line.length()) <= LONGEST_LABEL
                ? line
                : line.substring(0, line.offsetByCodePoints(0, LONGEST_LABEL)).strip();
    }
}
