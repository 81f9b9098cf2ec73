package dev.gatehouse.server.admin;

import dev.gatehouse.server.client.Api;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The APIs, clients and people that a file declares. */
record DeclaredConfiguration(List<Api> apis, List<DeclaredClient> clients, List<DeclaredPerson> people) {
    DeclaredConfiguration {
        apis = List.copyOf(apis);
        clients = List.copyOf(clients);
        people = List.copyOf(people);
    }

    static DeclaredConfiguration empty() {
        return new DeclaredConfiguration(List.of(), List.of(), List.of());
    }

    /** This and another; where both declare the same thing, the other's holds. */
    DeclaredConfiguration and(DeclaredConfiguration other) {
        return new DeclaredConfiguration(
                merge(apis, other.apis, Api::audience),
                merge(clients, other.clients, declared -> declared.client().id()),
                merge(people, other.people, DeclaredPerson::key));
    }

    private static <T> List<T> merge(Collection<T> first, Collection<T> second, Function<T, String> name) {
        Map<String, T> merged = new LinkedHashMap<>();
        first.forEach(item -> merged.put(name.apply(item), item));
        second.forEach(item -> merged.put(name.apply(item), item));
        return new ArrayList<>(merged.values());
    }
}
