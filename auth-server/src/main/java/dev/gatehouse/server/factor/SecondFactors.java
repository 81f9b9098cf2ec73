package dev.gatehouse.server.factor;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.account.SecondFactor;
import dev.gatehouse.server.standby.Standby;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Every kind of second factor, the preferred one first. */
@Component
public final class SecondFactors {
    private final List<SecondFactor> all;

    private final Standby standby;

    SecondFactors(ObjectProvider<SecondFactor> all, Standby standby) {
        this.all = all.orderedStream().toList();
        this.standby = standby;
    }

    /** Whether the person has set up one, so that a password alone no longer logs them in. */
    public boolean isProtected(String accountId) {
        return all.stream().anyMatch(factor -> !factor.isBackup() && factor.isEnrolled(accountId));
    }

    /**
     * What the person may choose from. Whoever has set up a factor is never offered less than that; for others some factor
     * may stand in. Those that do not work now come last.
     */
    public List<SecondFactor> offeredTo(Account account) {
        Stream<SecondFactor> offered = isProtected(account.id())
                ? all.stream().filter(factor -> factor.isEnrolled(account.id()))
                : all.stream().filter(factor -> factor.canStandIn(account));
        return offered.sorted(Comparator.comparing(factor -> factor.needsRedis() && standby.isNeeded()))
                .toList();
    }

    /** Whether some factor may stand in for a person who has set up none. */
    public boolean canStandIn(Account account) {
        return all.stream().anyMatch(factor -> factor.canStandIn(account));
    }

    /** Takes all of them from the person, as their account is erased. */
    public void removeAll(String accountId) {
        all.forEach(factor -> factor.remove(accountId));
    }

    public Optional<SecondFactor> offeredTo(Account account, String name) {
        return offeredTo(account).stream()
                .filter(factor -> factor.name().equals(name))
                .findFirst();
    }
}
