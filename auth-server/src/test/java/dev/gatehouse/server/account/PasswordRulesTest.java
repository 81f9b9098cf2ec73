package dev.gatehouse.server.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.account.PasswordRules.Problem;
import dev.gatehouse.server.oauth.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRulesTest {
    private static final BreachedList SHIPPED = BreachedList.shipped();

    private final PasswordRules rules =
            new PasswordRules(8, List.of("Gatehouse"), List.of(new ListedPasswords(() -> List.of(SHIPPED))));

    @Test
    void aPasswordHas8To256CharactersInNfcWhateverBytesTheyTake() {
        assertThat(check("kq7v2mx")).contains(Problem.TOO_SHORT);
        assertThat(check("kq7v2mxp")).isEmpty();
        assertThat(check("\ud83d\ude00\ud83d\ude80x\ud83c\udf88\ud83d\udd11\u00fc\u20ac"))
                .contains(Problem.TOO_SHORT);
        assertThat(check("\ud83d\ude00\ud83d\ude80x\ud83c\udf88\ud83d\udd11\u00fc\u20acq"))
                .isEmpty();
        assertThat(check("kq7v2mu\u0308")).contains(Problem.TOO_SHORT);
        assertThat(check("kq7v2mx ".repeat(8) + "\u20ac".repeat(192))).isEmpty();
        assertThat(check("kq7v2mx ".repeat(8) + "\u20ac".repeat(193))).contains(Problem.TOO_LONG);
    }

    @Test
    void aHouseMayAskForMore() {
        PasswordRules strict = new PasswordRules(15, List.of(), List.of());

        assertThat(strict.check(new Secret("kq7v2mxpkq7v2m"), List.of())).contains(Problem.TOO_SHORT);
        assertThat(strict.check(new Secret("kq7v2mxpkq7v2mz"), List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"only small letters here", "48151623423108", "ONLY LARGE LETTERS", "nur für Zoë", "密码很难猜到的吧"})
    void whichCharactersItIsMadeOfIsThePersonsAffair(String password) {
        assertThat(check(password)).isEmpty();
    }

    @Test
    void whatIsLittleMoreThanTheNameTheAddressOrTheServiceIsRefused() {
        List<String> personal = List.of("wilhelmina", "wilhelmina@example.com", "Zoe\u0308-Renate");

        for (String password : List.of(
                "wilhelmina",
                "Wilhelmina1",
                "WILHELMINA99",
                "12wilhelmina",
                "wilhelmina@example.com",
                "zo\u00eb-renate",
                "gatehouse",
                "Gatehouse26",
                "!GateHouse!")) {
            assertThat(rules.check(new Secret(password), personal)).as(password).contains(Problem.PERSONAL);
        }
        assertThat(rules.check(new Secret("wilhelmina likes rain"), personal)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "PASSWORD",
                "Password1",
                "123456789",
                "qwertyuiop",
                "1qaz2wsx",
                "letmein1",
                "trustno1"
            })
    void whatAttackersTryFirstIsRefusedInAnyCase(String password) {
        assertThat(check(password)).contains(Problem.BREACHED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zzzzzzzzzzzzzzzzzzz",
                "xyxyxyxyxyxyxyxyxyxyxyx",
                "abcdefghijklmnopqrstuvwxy",
                "zyxwvutsrqponm",
                "q7Zvq7Zvq7Zvq7Zv"
            })
    void aFewCharactersOverAndOverAndRunsAreRefusedAtAnyLength(String password) {
        assertThat(check(password)).contains(Problem.BREACHED);
    }

    @Test
    void whoIsOutsideIsAskedLastAndOnlyAboutWhatNoListKnows() {
        List<String> asked = new ArrayList<>();
        PasswordRules withRange =
                new PasswordRules(8, List.of(), List.of(new ListedPasswords(() -> List.of(SHIPPED)), asked::add));

        withRange.check(new Secret("password"), List.of());
        withRange.check(new Secret("short"), List.of());
        assertThat(asked).isEmpty();

        assertThat(withRange.check(new Secret("kq7v2mu\u0308pp"), List.of())).contains(Problem.BREACHED);
        assertThat(asked).containsExactly("kq7v2m\u00fcpp");
    }

    private Optional<Problem> check(String password) {
        return rules.check(new Secret(password), List.of());
    }
}
