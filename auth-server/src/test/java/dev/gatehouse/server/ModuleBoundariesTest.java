package dev.gatehouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

class ModuleBoundariesTest {
    private final ApplicationModules modules = ApplicationModules.of(GatehouseApplication.class);

    @Test
    void everyPackageImportsOnlyWhatItNames() {
        modules.verify();
    }

    @Test
    void everyPackageOfTheFloorPlanIsThere() {
        assertThat(modules.stream().map(module -> module.getIdentifier().toString()))
                .contains(
                        "oauth",
                        "web",
                        "overload",
                        "keys",
                        "audit",
                        "ratelimit",
                        "client",
                        "account",
                        "session",
                        "token")
                .contains(
                        "revocation",
                        "backchannel",
                        "mail",
                        "login",
                        "consent",
                        "protocol",
                        "selfservice",
                        "admin",
                        "ops");
    }
}
