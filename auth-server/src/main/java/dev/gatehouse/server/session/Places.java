package dev.gatehouse.server.session;

import dev.gatehouse.server.web.IpAddresses;
import dev.gatehouse.server.web.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses in words, out of a file with a network and a place on each line: {@code 192.0.2.0/24,Berlin}. The smallest network that
 * holds the address names it.
 */
final class Places {
    private record Place(Network network, String name) {}

    private final List<Place> places = new ArrayList<>();

    Places(@Nullable Path file) {
        if (file != null) {
            read(file);
        }
    }

    private void read(Path file) {
        try {
            for (String line : Files.readAllLines(file)) {
                int comma = line.indexOf(',');
                if (comma > 0) {
                    places.add(new Place(
                            Network.parse(line.substring(0, comma).strip()),
                            line.substring(comma + 1).strip()));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "gatehouse.session.places-file cannot be read: " + file + ": " + e.getMessage(), e);
        }
        places.sort(
                Comparator.comparingInt((Place place) -> place.network().bits()).reversed());
    }

    /** The place of an address, or nothing. */
    String of(String address) {
        InetAddress parsed = IpAddresses.parse(address).orElse(null);
        return parsed == null
                ? ""
                : places.stream()
                        .filter(place -> place.network().contains(parsed))
                        .findFirst()
                        .map(Place::name)
                        .orElse("");
    }
}
