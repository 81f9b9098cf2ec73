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
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("gatehouse.session.places-file cannot be read: " + file, e);
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                places.add(place(line, file + ":" + (i + 1)));
            }
        }
        places.sort(
                Comparator.comparingInt((Place place) -> place.network().bits()).reversed());
    }

    private static Place place(String line, String where) {
        int comma = line.indexOf(',');
        String name = line.substring(comma + 1).strip();
        try {
            if (comma > 0 && !name.isEmpty()) {
                return new Place(Network.parse(line.substring(0, comma).strip()), name);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("gatehouse.session.places-file: " + where + ": " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(
                "gatehouse.session.places-file: " + where + ": a line is a network, a comma and a place");
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
