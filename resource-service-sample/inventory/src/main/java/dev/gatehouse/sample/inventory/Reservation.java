package dev.gatehouse.sample.inventory;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stock taken from the shelf: on behalf of {@code sub}, and by {@code act} where a service stood in for them (RFC 8693). */
record Reservation(
        UUID id,
        String item,
        int quantity,
        String sub,
        @Nullable Object act) {
    record Request(
            @NotBlank @Size(max = 64) String item,
            @Min(1) @Max(100) int quantity) {}
}
