package dev.gatehouse.sample.orders;

import dev.gatehouse.verifier.spring.StepUp;
import jakarta.validation.Valid;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What orders answers to a caller with a token; each method names the scope that it needs. */
@RestController
class OrdersApi {
    private final Orders orders;

    private final Inventory inventory;

    OrdersApi(Orders orders, Inventory inventory) {
        this.orders = orders;
        this.inventory = inventory;
    }

    @GetMapping("/orders")
    @PreAuthorize("hasAuthority('SCOPE_orders.read')")
    List<Order> orders(@AuthenticationPrincipal Jwt caller) {
        return orders.of(caller);
    }

    @PostMapping("/orders")
    @PreAuthorize("hasAuthority('SCOPE_orders.write')")
    @ResponseStatus(HttpStatus.CREATED)
    Order place(@Valid @RequestBody Order.Request wanted, @AuthenticationPrincipal Jwt caller) {
        return orders.place(wanted, caller);
    }

    /** It cannot be undone, so it takes a login by two factors that is at most five minutes old. */
    @DeleteMapping("/orders")
    @PreAuthorize("hasAuthority('SCOPE_orders.write')")
    @StepUp(acrValues = Orders.CANCELLING_ACR, maxAgeSeconds = Orders.CANCELLING_MAX_AGE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void cancelAll(@AuthenticationPrincipal Jwt caller) {
        orders.cancelAll(caller);
    }

    /** What inventory has, which this service asks with its own token. */
    @GetMapping("/stock")
    List<Inventory.Line> stock() {
        return inventory.stock();
    }

    /** The claims of the caller's token, as they are in the token. */
    @GetMapping("/whoami")
    Map<String, Object> whoami(@AuthenticationPrincipal Jwt caller) {
        Map<String, Object> claims = new TreeMap<>(caller.getClaims());
        claims.replaceAll((name, value) -> value instanceof Instant instant ? instant.getEpochSecond() : value);
        return claims;
    }
}
