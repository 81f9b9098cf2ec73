package dev.gatehouse.server.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.server.TestDatabase;
import dev.gatehouse.server.oauth.Secret;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

class JdbcAccountsTest {
    private static final String ID = "4ed1e5d3-7c40-4d4a-8f0a-7a2cf4a3d9a1";

    private static final Secret PASSWORD = new Secret("correct horse battery staple");

    private final JdbcClient jdbc = TestDatabase.create();

    private final PasswordChecks checks = new PasswordChecks(2, Duration.ofSeconds(60));

    private final PasswordHashes hashes = new PasswordHashes(new PortableArgon2(), new SecureRandom());

    private final JdbcAccounts accounts = new JdbcAccounts(new AccountTable(jdbc), hashes, checks);

    @AfterEach
    void stop() {
        checks.close();
    }

    @Test
    void anAccountComesBackAsItWasSaved() {
        accounts.save(account(ID, "Ada"));

        assertThat(accounts.findById(ID)).contains(account(ID, "Ada"));
        assertThat(accounts.findByUsername("Ada")).contains(account(ID, "Ada"));
    }

    @Test
    void onlyAPersonWhoIsEnabledHasRoles() {
        accounts.save(account(ID, "Ada"));
        assertThat(accounts.rolesOf(ID)).contains(List.of("admin", "staff"));

        accounts.setEnabled(ID, false);
        assertThat(accounts.rolesOf(ID)).isEmpty();
    }

    @Test
    void savingAgainReplacesTheAccountAndKeepsThePassword() {
        saved(account(ID, "Ada"));
        Account renamed = new Account(ID, "ada.l", null, false, List.of(), Map.of(), true);

        accounts.save(renamed);

        assertThat(accounts.findById(ID)).contains(renamed);
        assertThat(accounts.authenticate("ada.l", PASSWORD)).contains(renamed);
        assertThat(accounts.findByUsername("Ada")).isEmpty();
    }

    @Test
    void onlyTheRightPasswordOpensAnAccount() {
        saved(account(ID, "Ada"));

        assertThat(accounts.authenticate("Ada", PASSWORD)).contains(account(ID, "Ada"));
        assertThat(accounts.authenticate("Ada", new Secret("correct horse battery stapl")))
                .isEmpty();
        assertThat(accounts.authenticate("Ada", new Secret("Correct horse battery staple")))
                .isEmpty();
        assertThat(accounts.authenticate("Ada", new Secret(""))).isEmpty();
        assertThat(accounts.authenticate("Ada", new Secret("\ud800"))).isEmpty();
    }

    @Test
    void aDisabledAccountDoesNotOpenThoughThePasswordIsRight() {
        saved(new Account(ID, "Ada", null, false, List.of(), Map.of(), false));

        assertThat(accounts.authenticate("Ada", PASSWORD)).isEmpty();
    }

    @Test
    void anAccountWithoutPasswordDoesNotOpen() {
        accounts.save(account(ID, "Ada"));

        assertThat(accounts.authenticate("Ada", new Secret(""))).isEmpty();
        assertThat(accounts.authenticate("Ada", PASSWORD)).isEmpty();
        assertThat(accounts.authenticate("Ada", new Secret("nobody's password")))
                .isEmpty();
    }

    @Test
    void aHashOfAnUnknownKindNeverMatches() {
        saved(account(ID, "Ada"));
        jdbc.sql("update accounts set password = '{noop}plain'").update();

        assertThat(accounts.authenticate("Ada", new Secret("plain"))).isEmpty();
    }

    @Test
    void noNameThatCannotBeOneOpensAnything() {
        saved(account(ID, "Ada"));

        for (String name : List.of("", " ", "nobody", "Ada\0", "A".repeat(100_000), "' or true --", "%")) {
            assertThat(accounts.authenticate(name, PASSWORD)).isEmpty();
        }
    }

    @Test
    void oneNameInAnySpellingIsOneAccount() {
        saved(account(ID, "Zoë"));

        for (String spelling : List.of("zoë", "ZOË", "Zoe\u0308", "\uff3aoë")) {
            assertThat(accounts.authenticate(spelling, PASSWORD)).contains(account(ID, "Zoë"));
        }
        assertThat(accounts.findByUsername("Zoe")).isEmpty();
    }

    @Test
    void aSecondAccountWithTheNameInAnotherSpellingIsRefused() {
        accounts.save(account(ID, "Ada"));

        assertThatThrownBy(() -> accounts.save(account("5ed1e5d3-7c40-4d4a-8f0a-7a2cf4a3d9a1", "\uff21DA")))
                .isInstanceOf(DuplicateKeyException.class);
    }

    @Test
    void aPasswordIsTheSameInEveryUnicodeForm() {
        accounts.save(account(ID, "Ada"));
        accounts.setPassword(ID, new Secret("gr\u00fc\u00dfe-\u00e5ngstr\u00f6m"));

        assertThat(accounts.authenticate("Ada", new Secret("gru\u0308\u00dfe-a\u030angstro\u0308m")))
                .isPresent();
    }

    @Test
    void aPasswordOfMoreThan256CharactersIsRefusedAndNeverMatches() {
        accounts.save(account(ID, "Ada"));
        accounts.setPassword(ID, new Secret("x".repeat(256)));

        assertThat(accounts.authenticate("Ada", new Secret("x".repeat(256)))).isPresent();
        assertThat(accounts.authenticate("Ada", new Secret("x".repeat(257)))).isEmpty();
        assertThatThrownBy(() -> accounts.setPassword(ID, new Secret("x".repeat(257))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("xx");
    }

    @Test
    void aPasswordIsStoredAsArgon2idHash() {
        saved(account(ID, "Ada"));

        assertThat(storedPassword()).startsWith("{argon2}$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(storedPassword()).doesNotContain("horse");
    }

    @Test
    void aGoodPasswordUnderOldParametersIsHashedAnewAndABadOneIsNot() {
        accounts.save(account(ID, "Ada"));
        String old = "{argon2}" + new Argon2PasswordEncoder(16, 32, 1, 4096, 1).encode(PASSWORD.value());
        jdbc.sql("update accounts set password = :old").param("old", old).update();

        assertThat(accounts.authenticate("Ada", new Secret("wrong"))).isEmpty();
        assertThat(storedPassword()).isEqualTo(old);
        assertThat(accounts.authenticate("Ada", PASSWORD)).isPresent();
        assertThat(storedPassword()).startsWith("{argon2}$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(accounts.authenticate("Ada", PASSWORD)).isPresent();
    }

    @Test
    void aBcryptHashFromElsewhereOpensTheAccountAndIsReplacedByArgon2id() {
        accounts.save(account(ID, "Ada"));
        accounts.setPasswordHash(ID, bcrypt(PASSWORD));

        assertThat(accounts.authenticate("Ada", new Secret("wrong"))).isEmpty();
        assertThat(accounts.authenticate("Ada", PASSWORD)).isPresent();
        assertThat(storedPassword()).startsWith("{argon2}");
        assertThat(accounts.authenticate("Ada", PASSWORD)).isPresent();
    }

    @Test
    void aHashThatIsGivenAgainDoesNotReplaceWhatHasComeInItsPlace() {
        accounts.save(account(ID, "Ada"));
        PasswordHash old = bcrypt(PASSWORD);
        accounts.setPasswordHash(ID, old);
        assertThat(accounts.authenticate("Ada", PASSWORD)).isPresent();
        String anew = storedPassword();

        accounts.setPasswordHash(ID, old);
        assertThat(storedPassword()).isEqualTo(anew);

        Secret chosen = new Secret("their own choice");
        accounts.setPassword(ID, chosen);
        accounts.setPasswordHash(ID, old);
        assertThat(accounts.authenticate("Ada", chosen)).isPresent();
        assertThat(accounts.authenticate("Ada", PASSWORD)).isEmpty();
    }

    @Test
    void anotherHashReplacesThePassword() {
        saved(account(ID, "Ada"));
        Secret first = new Secret("the first one");
        Secret second = new Secret("the second one");

        accounts.setPasswordHash(ID, bcrypt(first));
        assertThat(accounts.authenticate("Ada", PASSWORD)).isEmpty();
        assertThat(accounts.authenticate("Ada", first)).isPresent();
        accounts.setPasswordHash(ID, bcrypt(second));
        assertThat(accounts.authenticate("Ada", first)).isEmpty();
        assertThat(accounts.authenticate("Ada", second)).isPresent();
    }

    @Test
    void aHashThatIsGivenAgainDoesNotOpenAClosedAccount() {
        accounts.save(account(ID, "Ada"));
        PasswordHash old = bcrypt(PASSWORD);
        accounts.setPasswordHash(ID, old);
        accounts.close(ID);

        accounts.setPasswordHash(ID, old);

        assertThat(accounts.authenticate("Ada", PASSWORD)).isEmpty();
        assertThat(jdbc.sql("select count(*) from accounts where password is null")
                        .query(Integer.class)
                        .single())
                .isOne();
    }

    @Test
    void aPasswordThatIsChangedDuringALoginIsNotPutBack() {
        saved(account(ID, "Ada"));
        String changed = storedPassword();

        new AccountTable(jdbc)
                .replacePassword(UUID.fromString(ID), "{argon2}what was read before", "{argon2}the same anew");

        assertThat(storedPassword()).isEqualTo(changed);
    }

    @Test
    void whetherThereIsSuchAnAccountDoesNotDecideWhetherACheckIsMade() {
        saved(new Account(ID, "Ada", null, false, List.of(), Map.of(), false));
        try (PasswordChecks full = new PasswordChecks(1, Duration.ZERO)) {
            JdbcAccounts busy = new JdbcAccounts(new AccountTable(jdbc), hashes, full);
            List<Secret> passwords = List.of(PASSWORD, new Secret(""), new Secret("x".repeat(257)));

            full.run(() -> {
                for (Secret password : passwords) {
                    for (String name : List.of("Ada", "nobody", "")) {
                        assertThatThrownBy(() -> busy.authenticate(name, password))
                                .isInstanceOf(PasswordCheckBusy.class);
                    }
                }
                return true;
            });
        }
    }

    @Test
    void anIdThatIsNoPersonsIsUnknown() {
        saved(account(ID, "Ada"));

        for (String id : List.of("", "orders", "1-1-1-1-1", ID + "\0", "5ed1e5d3-7c40-4d4a-8f0a-7a2cf4a3d9a1")) {
            assertThat(accounts.findById(id)).isEmpty();
            assertThat(accounts.rolesOf(id)).isEmpty();
        }
    }

    @Test
    void aPasswordForAnUnknownAccountIsRefused() {
        assertThatThrownBy(() -> accounts.setPassword(ID, PASSWORD)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> accounts.setPasswordHash(ID, bcrypt(PASSWORD)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private long generation() {
        return accounts.generation(ID).orElseThrow();
    }

    @Test
    void theGenerationRisesWithEachNewPasswordAndWithNothingElse() {
        saved(account(ID, "Ada"));
        long before = generation();
        accounts.save(account(ID, "Ada"));
        accounts.authenticate("Ada", PASSWORD);
        assertThat(generation()).isEqualTo(before);

        accounts.setPassword(ID, PASSWORD);
        assertThat(generation()).as("a new one, even if it is the same").isEqualTo(before + 1);
        PasswordHash hash = bcrypt(new Secret("the first one"));
        accounts.setPasswordHash(ID, hash);
        assertThat(generation()).isEqualTo(before + 2);
        accounts.authenticate("Ada", new Secret("the first one"));
        accounts.setPasswordHash(ID, hash);
        assertThat(generation()).as("hashed anew, and given again").isEqualTo(before + 2);
    }

    @Test
    void whoWasDisabledComesBackWithAnotherGeneration() {
        saved(account(ID, "Ada"));
        long before = generation();
        assertThat(accounts.setEnabled(ID, false)).isTrue();
        assertThat(accounts.generation(ID)).isEmpty();
        assertThat(accounts.authenticate("Ada", PASSWORD)).isEmpty();
        assertThat(accounts.setEnabled(ID, true)).isTrue();
        assertThat(accounts.authenticate("Ada", PASSWORD)).contains(account(ID, "Ada"));
        assertThat(generation()).isGreaterThan(before);

        long enabled = generation();
        accounts.save(new Account(ID, "Ada", null, false, List.of(), Map.of(), false));
        accounts.save(account(ID, "Ada"));
        assertThat(generation()).isGreaterThan(enabled);
    }

    @Test
    void aClosedAccountIsNotLetInAgainNorIsOneThatNeverWas() {
        saved(account(ID, "Ada"));
        accounts.close(ID);
        assertThat(accounts.setEnabled(ID, true)).isFalse();
        assertThat(accounts.generation(ID)).isEmpty();
        for (String id : List.of("", "orders", "5ed1e5d3-7c40-4d4a-8f0a-7a2cf4a3d9a1")) {
            assertThat(accounts.setEnabled(id, true)).isFalse();
            assertThat(accounts.generation(id)).isEmpty();
        }
    }

    private void saved(Account account) {
        accounts.save(account);
        accounts.setPassword(account.id(), PASSWORD);
    }

    private static PasswordHash bcrypt(Secret password) {
        return new PasswordHash(String.valueOf(new BCryptPasswordEncoder(4).encode(password.value())));
    }

    private String storedPassword() {
        return jdbc.sql("select password from accounts").query(String.class).single();
    }

    private static Account account(String id, String username) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("name", "Ada Lovelace");
        claims.put("address", Map.of("country", "UK"));
        return new Account(id, username, "ada@example.com", true, List.of("admin", "staff"), claims, true);
    }
}
