package dev.gatehouse.server.keys;

import dev.gatehouse.server.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Replicas that share a real PostgreSQL for their signing keys, and a clock that the test moves. */
final class KeyHouse {
    static final String ISSUER = "https://id.example";

    static final Duration LEAD = Duration.ofMinutes(16);

    static final Duration PERIOD = Duration.ofDays(90);

    private final DataSource database = TestDatabase.dataSource();

    private final SecureRandom random = new SecureRandom();

    private volatile Instant now = Instant.parse("2026-11-23T10:00:00Z");

    JdbcClient jdbc() {
        return JdbcClient.create(database);
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    Instant now() {
        return now;
    }

    static MasterKeys masterKey(char first) {
        return new MasterKeys(master(1, first), List.of());
    }

    static MasterKey master(int version, char first) {
        return new MasterKey(version, (first + "0123456789abcdef0123456789abcde").getBytes(StandardCharsets.US_ASCII));
    }

    StoredSigningKeys replica() {
        return replica(masterKey('a'));
    }

    StoredSigningKeys replica(MasterKeys masterKeys, SigningAlgorithm... algorithms) {
        return replica(ISSUER, masterKeys, algorithms);
    }

    StoredSigningKeys replica(String issuer, MasterKeys masterKeys, SigningAlgorithm... algorithms) {
        return replica(issuer, masterKeys, List.of(sealed()), algorithms);
    }

    /** @param custodies the first of them makes the new keys */
    StoredSigningKeys replica(List<KeyCustody> custodies, SigningAlgorithm... algorithms) {
        return replica(ISSUER, masterKey('a'), custodies, algorithms);
    }

    KeyCustody sealed() {
        return new SealedCustody(2048, random, NativeCryptography.find());
    }

    private StoredSigningKeys replica(
            String issuer, MasterKeys masterKeys, List<KeyCustody> custodies, SigningAlgorithm... algorithms) {
        NativeCryptography cryptography = NativeCryptography.find();
        KeyVault vault = new KeyVault(issuer, new Seal(masterKeys, random), custodies.toArray(KeyCustody[]::new));
        KeySchedule schedule = new KeySchedule(
                algorithms.length == 0 ? Set.of(SigningAlgorithm.ES256) : Set.of(algorithms),
                PERIOD,
                LEAD,
                Duration.ofMinutes(6),
                Duration.ofDays(90));
        KeyLifecycle lifecycle = new KeyLifecycle(
                new KeyTable(jdbc(), issuer),
                vault,
                schedule,
                new TransactionTemplate(new DataSourceTransactionManager(database)),
                () -> now);
        return new StoredSigningKeys(lifecycle, vault, schedule, cryptography, Duration.ofMinutes(5), () -> now);
    }

    /** A table as the database holds it, bytes in hexadecimal. */
    String dump(String table) {
        return String.join(
                "\n",
                jdbc().sql("select row_to_json(t)::text from " + table + " t")
                        .query(String.class)
                        .list());
    }
}
