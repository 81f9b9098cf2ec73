package dev.gatehouse.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.standby.Standby;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Logins that are begun while Redis is away: all that is true of the others. */
class LoginsOnStandbyTest extends LoginSessionsTest {
    @Override
    boolean standsBy() {
        return true;
    }

    @Test
    void redisKnowsNothingOfThem() {
        TestBrowser browser = fixture.browser();
        LoginSession login = fixture.login(browser, "person");
        fixture.logins.attachGrant(login.sid(), "g", "web");
        assertThat(Standby.holds(login.sid())).isTrue();
        assertThat(Standby.holds(String.valueOf(browser.cookie()))).isTrue();
        assertThat(fixture.keys()).isEmpty();
    }

    @Test
    void tokensThatHaveExpiredAreForgottenOnceThereAreMany() {
        LoginSession login = fixture.login(fixture.browser(), fixture.account());
        for (int i = 0; i < 100; i++) {
            fixture.pass(Duration.ofSeconds(2));
            fixture.logins.attachToken(
                    login.sid(), "j" + i, "spa", fixture.now().plusSeconds(1));
        }
        assertThat(fixture.logins.of(login.accountId()))
                .singleElement()
                .satisfies(summary ->
                        assertThat(summary.tokens()).hasSizeLessThan(40).containsKey("j99"));
    }
}
