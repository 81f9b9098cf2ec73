package dev.gatehouse.sample.orders;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.UUID;

/** An order whose stock is reserved. */
record Order(UUID id, String item, int quantity, Instant placedAt) {
    record Request(
            @NotBlank @Size(max = 64) String item,
            @Min(1) @Max(100) int quantity) {}
}
