package dev.gatehouse.server.login;

import dev.gatehouse.server.account.Account;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.client.Clients;
import dev.gatehouse.server.session.Interaction;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Who asks for more than a password: a role of the person, the client, or the request by {@code acr_values}, OpenID Connect Core
 * section 3.1.2.1. Class "2" is reached by more than one factor; a request that takes "1" as well asks for nothing more.
 */
@Component
public final class SecondFactorDemand {
    public static final List<String> CLASSES = List.of("1", "2");

    private final Clients clients;

    private final LoginProperties properties;

    SecondFactorDemand(Clients clients, LoginProperties properties) {
        this.clients = clients;
        this.properties = properties;
    }

    /** Whether a login of this person needs a second factor for this client and request. */
    public boolean isMade(Account account, Client client, @Nullable String acrValues) {
        return byRole(account) || client.requireSecondFactor() || byRequest(acrValues);
    }

    /** Whether a class is asked for that nobody can reach here: the request lists some, and knows none of ours. */
    public static boolean isBeyondReach(@Nullable String acrValues) {
        return acrValues != null && values(acrValues).stream().noneMatch(CLASSES::contains);
    }

    boolean isMade(Account account, @Nullable Interaction interaction) {
        if (interaction == null) {
            return byRole(account);
        }
        Optional<Client> client = clients.find(interaction.clientId());
        List<String> acrValues = interaction.parameters().getOrDefault("acr_values", List.of());
        return client.isPresent() && isMade(account, client.get(), String.join(" ", acrValues));
    }

    private boolean byRole(Account account) {
        return account.roles().stream().anyMatch(properties.rolesWithSecondFactor()::contains);
    }

    private static boolean byRequest(@Nullable String acrValues) {
        return acrValues != null
                && values(acrValues).contains("2")
                && !values(acrValues).contains("1");
    }

    private static List<String> values(String acrValues) {
        return Arrays.stream(acrValues.split(" ", -1))
                .filter(value -> !value.isEmpty())
                .toList();
    }
}
