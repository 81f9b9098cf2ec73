package dev.gatehouse.sample.inventory;

import static java.util.Objects.requireNonNull;

import jakarta.validation.Valid;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** What inventory answers; each method names the scope that it needs. */
@RestController
class InventoryApi {
    private final Stock stock;

    InventoryApi(Stock stock) {
        this.stock = stock;
    }

    @GetMapping("/stock")
    @PreAuthorize("hasAuthority('SCOPE_inventory.read')")
    List<Stock.Line> stock() {
        return stock.lines();
    }

    @PostMapping("/reservations")
    @PreAuthorize("hasAuthority('SCOPE_inventory.write')")
    @ResponseStatus(HttpStatus.CREATED)
    Reservation reserve(@Valid @RequestBody Reservation.Request wanted, @AuthenticationPrincipal Jwt caller) {
        return switch (stock.take(wanted.item(), wanted.quantity())) {
            case TAKEN ->
                new Reservation(
                        UUID.randomUUID(),
                        wanted.item(),
                        wanted.quantity(),
                        requireNonNull(caller.getSubject()),
                        caller.getClaims().get("act"));
            case NOT_ENOUGH -> throw refused(HttpStatus.CONFLICT, "not enough in stock");
            case NO_SUCH_ITEM -> throw refused(HttpStatus.NOT_FOUND, "no such item");
        };
    }

    /** The claims of the caller's token, as they are in the token. */
    @GetMapping("/whoami")
    Map<String, Object> whoami(@AuthenticationPrincipal Jwt caller) {
        Map<String, Object> claims = new TreeMap<>(caller.getClaims());
        claims.replaceAll((name, value) -> value instanceof Instant instant ? instant.getEpochSecond() : value);
        return claims;
    }

    private static ErrorResponseException refused(HttpStatus status, String reason) {
        return new ResponseStatusException(status, reason);
    }
}
