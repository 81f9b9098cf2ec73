package dev.gatehouse.server.revocation;

import com.nimbusds.jose.jwk.JWKSet;
import dev.gatehouse.server.keys.KeyStatus;
import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.keys.SigningKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Keys of which only matters that somebody looks for new ones. */
final class TestKeys implements SigningKeys {
    final AtomicInteger refreshes = new AtomicInteger();

    @Override
    public JWKSet published() {
        return new JWKSet();
    }

    @Override
    public Duration maxAge() {
        return Duration.ofMinutes(5);
    }

    @Override
    public List<KeyStatus> all() {
        return List.of();
    }

    @Override
    public List<String> compromised() {
        return List.of();
    }

    @Override
    public void refresh() {
        refreshes.incrementAndGet();
    }

    @Override
    public void onChange(Runnable listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Instant> rotate(SigningAlgorithm algorithm) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean compromise(String kid) {
        throw new UnsupportedOperationException();
    }
}
