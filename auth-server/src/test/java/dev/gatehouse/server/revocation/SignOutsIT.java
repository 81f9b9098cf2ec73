package dev.gatehouse.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.server.GatehouseTest;
import dev.gatehouse.server.account.Accounts;
import dev.gatehouse.server.audit.AuditLog;
import dev.gatehouse.server.session.LoginSessions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletRequest;

/** A server that dies while it signs a person out everywhere. */
@GatehouseTest
class SignOutsIT {
    @Autowired
    @SuppressWarnings("NullAway.Init")
    private Accounts accounts;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private LoginSessions logins;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private Revocations revocations;

    @Autowired
    @SuppressWarnings("NullAway.Init")
    private AuditLog auditLog;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void whateverItHadDoneTheLoginByWhichTheTheftWasSeenIsLeftForTheNextTime(int rulesBeforeItsDeath) {
        String person = UUID.randomUUID().toString();
        List<String> sids = Stream.generate(
                        () -> logins.start(new MockHttpServletRequest(), person, "somebody", List.of("pwd"))
                                .sid())
                .limit(3)
                .toList();
        String stolen = sids.get(1);

        assertThatThrownBy(() -> signOuts(dyingAfter(rulesBeforeItsDeath)).everywhereAfterTheft(person, stolen, "test"))
                .isInstanceOf(Died.class);
        assertThat(logins.isAlive(stolen)).isTrue();

        signOuts(revocations).everywhereAfterTheft(person, stolen, "test");
        assertThat(sids).noneMatch(logins::isAlive);
    }

    private SignOuts signOuts(Revocations by) {
        return new SignOuts(accounts, logins, by, auditLog, InstantSource.system(), Duration.ofMinutes(5));
    }

    private Revocations dyingAfter(int rules) {
        AtomicInteger written = new AtomicInteger();
        return (Revocations) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Revocations.class}, (_, method, arguments) -> {
                    if (written.getAndIncrement() == rules) {
                        throw new Died();
                    }
                    try {
                        return method.invoke(revocations, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }

    private static final class Died extends RuntimeException {}
}
