package dev.gatehouse.server.passkey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.TestDatabase;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Passkeys in a real PostgreSQL, asked by many at once. */
class PasskeyTableTest {
    private static final JdbcClient JDBC = TestDatabase.create();

    private static final SecureRandom RANDOM = new SecureRandom();

    private final PasskeyTable table = new PasskeyTable(JDBC, RANDOM);

    private final String account = newAccount();

    private static String newAccount() {
        UUID id = UUID.randomUUID();
        JDBC.sql("insert into accounts (id, username, username_key, email_verified, roles, claims, enabled)"
                        + " values (:id, :name, :name, false, '{}', '{}', true)")
                .param("id", id)
                .param("name", id.toString())
                .update();
        return id.toString();
    }

    private StoredPasskey passkey(String owner) {
        byte[] credential = new byte[32];
        RANDOM.nextBytes(credential);
        return new StoredPasskey(
                new Passkey(UUID.randomUUID().toString(), owner, "a key", false, false, Instant.EPOCH, null),
                Base64Url.encode(credential),
                "AQID",
                table.userHandle(owner),
                List.of("internal", "usb"));
    }

    private static List<Boolean> together(List<Callable<Boolean>> calls)
            throws InterruptedException, ExecutionException {
        CyclicBarrier start = new CyclicBarrier(calls.size());
        List<Boolean> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
            for (Future<Boolean> answer : threads.invokeAll(calls.stream()
                    .<Callable<Boolean>>map(call -> () -> {
                        start.await();
                        return call.call();
                    })
                    .toList())) {
                answers.add(answer.get());
            }
        }
        return answers;
    }

    @Test
    void whatIsStoredIsFoundAgain() {
        StoredPasskey stored = passkey(account);

        assertThat(table.add(stored, 7)).isTrue();

        StoredPasskey found = table.byCredentialId(stored.credentialId()).orElseThrow();
        assertThat(found)
                .usingRecursiveComparison()
                .ignoringFields("passkey.createdAt")
                .isEqualTo(stored);
        assertThat(table.of(account)).containsExactly(found);
        assertThat(table.byCredentialId("A".repeat(43))).isEmpty();
    }

    @Test
    void anAccountKeepsItsHandleAlsoWhenManyAskForItFirst() throws InterruptedException, ExecutionException {
        List<String> handles = Collections.synchronizedList(new ArrayList<>());

        together(Collections.nCopies(8, () -> handles.add(table.userHandle(account))));

        assertThat(handles).hasSize(8).containsOnly(table.userHandle(account));
        assertThat(table.userHandle(newAccount())).isNotEqualTo(handles.getFirst());
    }

    @Test
    void ofManyAddedAtOnceNoneIsTheEleventh() throws InterruptedException, ExecutionException {
        for (int i = 0; i < 9; i++) {
            assertThat(table.add(passkey(account), 0)).isTrue();
        }

        List<Boolean> added = together(Collections.nCopies(6, () -> table.add(passkey(account), 0)));

        assertThat(added).containsOnlyOnce(true);
        assertThat(table.of(account)).hasSize(10);
        assertThat(table.add(passkey(account), 0)).isFalse();
    }

    @Test
    void ofManyUsesOfOneCounterExactlyOneIsTaken() throws InterruptedException, ExecutionException {
        StoredPasskey stored = passkey(account);
        table.add(stored, 4);
        String id = stored.passkey().id();

        List<Boolean> taken = together(Collections.nCopies(6, () -> table.use(id, 5, false)));

        assertThat(taken).containsOnlyOnce(true);
        assertThat(table.use(id, 4, false)).isFalse();
        assertThat(table.use(id, 0, false)).isFalse();
        assertThat(table.use(id, 6, true)).isTrue();
        assertThat(table.of(account))
                .singleElement()
                .satisfies(used -> assertThat(used.passkey().backedUp()).isTrue())
                .satisfies(used -> assertThat(used.passkey().lastUsedAt()).isNotNull());
    }

    @Test
    void whoeverDoesNotCountIsTakenEachTime() {
        StoredPasskey stored = passkey(account);
        table.add(stored, 0);

        assertThat(table.use(stored.passkey().id(), 0, false)).isTrue();
        assertThat(table.use(stored.passkey().id(), 0, false)).isTrue();
    }

    @Test
    void aPasskeyThatWasRemovedIsNotBroughtBackByAUse() {
        StoredPasskey stored = passkey(account);
        table.add(stored, 0);
        assertThat(table.remove(newAccount(), stored.passkey().id())).isFalse();
        assertThat(table.remove(account, stored.passkey().id())).isTrue();

        assertThat(table.use(stored.passkey().id(), 1, false)).isFalse();
        assertThat(table.has(account)).isFalse();
    }
}
