package dev.gatehouse.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.standby.Standby;
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
}
