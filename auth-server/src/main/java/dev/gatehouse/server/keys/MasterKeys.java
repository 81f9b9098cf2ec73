package dev.gatehouse.server.keys;

import java.util.List;
import java.util.stream.Stream;

/**
 * The versions of the master key that the operator has configured.
 *
 * @param current seals
 * @param others open only: the one before, until everything is sealed anew, or the one to come
 */
record MasterKeys(MasterKey current, List<MasterKey> others) {
    MasterKeys {
        others = List.copyOf(others);
        long versions = others.stream()
                .map(MasterKey::version)
                .filter(version -> version != current.version())
                .distinct()
                .count();
        if (versions != others.size()) {
            throw new IllegalArgumentException(
                    "gatehouse.keys.other-master-keys: each master key needs a version of its"
                            + " own, written in front of it, for example 2:kV4…; the current one has version "
                            + current.version());
        }
    }

    List<MasterKey> all() {
        return Stream.concat(Stream.of(current), others.stream()).toList();
    }
}
