package dev.gatehouse.server.factor;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.keys.ServerSecret;
import dev.gatehouse.server.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Recovery codes for whoever has lost their other factor: ten, of 60 random bits each, each good once, which one SQL statement
 * decides. Kept as keyed digests. Letters and digits are Crockford's Base32, which has none that are mistaken for another.
 */
@Component
@Order(40)
public final class RecoveryCodes implements CodeFactor {
    private static final int CODES = 10;

    private static final int LENGTH = 12;

    private static final int GROUP = 4;

    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    private static final String MAKE = """
            insert into recovery_codes (account_id, digest)
            select :id, decode(digest, 'hex') from unnest(cast(:digests as text[])) as digest
            """;

    private final JdbcClient jdbc;

    private final TransactionTemplate transaction;

    private final SecretKey key;

    private final SecureRandom random;

    RecoveryCodes(
            JdbcClient jdbc, PlatformTransactionManager transactions, ServerSecret serverSecret, SecureRandom random) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.key = serverSecret.macKey("recovery-codes");
        this.random = random;
    }

    @Override
    public String name() {
        return "recovery-code";
    }

    @Override
    public boolean isBackup() {
        return true;
    }

    @Override
    public boolean isEnrolled(String accountId) {
        return left(accountId) > 0;
    }

    /** How many are unused. */
    public int left(String accountId) {
        return jdbc.sql("select count(*) from recovery_codes where account_id = :id")
                .param("id", UUID.fromString(accountId))
                .query(Integer.class)
                .single();
    }

    @Override
    public boolean accept(Account account, String loginId, String code) {
        return jdbc.sql("delete from recovery_codes where account_id = :id and digest = :digest")
                        .param("id", UUID.fromString(account.id()))
                        .param("digest", digest(account.id(), read(code)))
                        .update()
                == 1;
    }

    /** Makes new ones; whatever is left of the old ones is void. Shown once, then nobody can read them again. */
    public List<Secret> renew(String accountId) {
        List<String> codes = Stream.generate(this::random).limit(CODES).toList();
        String[] digests = codes.stream()
                .map(code -> HexFormat.of().formatHex(digest(accountId, code)))
                .toArray(String[]::new);
        UUID id = UUID.fromString(accountId);
        transaction.executeWithoutResult(_ -> {
            // Of two at once the second waits, and sees what the first has made.
            jdbc.sql("select 1 from accounts where id = :id for update")
                    .param("id", id)
                    .query()
                    .listOfRows();
            remove(accountId);
            jdbc.sql(MAKE).param("id", id).param("digests", digests).update();
        });
        return codes.stream().map(RecoveryCodes::grouped).map(Secret::new).toList();
    }

    @Override
    public boolean remove(String accountId) {
        return jdbc.sql("delete from recovery_codes where account_id = :id")
                        .param("id", UUID.fromString(accountId))
                        .update()
                > 0;
    }

    private String random() {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            code.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return code.toString();
    }

    private static String grouped(String code) {
        return code.replaceAll("(.{" + GROUP + "})(?!$)", "$1-");
    }

    /** What people write for what they see. */
    private static String read(String typed) {
        return typed.toLowerCase(Locale.ROOT).replace('o', '0').replaceAll("[il]", "1");
    }

    private byte[] digest(String accountId, String code) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            return mac.doFinal((accountId + "\n" + code).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is missing", e);
        }
    }
}
