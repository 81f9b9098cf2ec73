package dev.gatehouse.sample.orders;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.stereotype.Service;

/** Everybody's orders, by the {@code sub} of who placed them. They live in memory: the newest hundred of each. */
@Service
class Orders {
    static final String CANCELLING_ACR = "2";

    static final long CANCELLING_MAX_AGE = 300;

    private static final int KEPT = 100;

    private final Map<String, List<Order>> bySubject = new ConcurrentHashMap<>();

    private final Inventory inventory;

    private final InstantSource clock;

    Orders(Inventory inventory, InstantSource clock) {
        this.inventory = inventory;
        this.clock = clock;
    }

    List<Order> of(Jwt caller) {
        return bySubject.getOrDefault(requireNonNull(caller.getSubject()), List.of());
    }

    void cancelAll(Jwt caller) {
        bySubject.remove(requireNonNull(caller.getSubject()));
    }

    Order place(Order.Request wanted, Jwt caller) {
        inventory.reserve(wanted, caller);
        Instant now = clock.instant();
        Order order = new Order(UUID.randomUUID(), wanted.item(), wanted.quantity(), now);
        bySubject.merge(
                requireNonNull(caller.getSubject()),
                List.of(order),
                (old, added) ->
                        Stream.concat(added.stream(), old.stream()).limit(KEPT).toList());
        return order;
    }
}
