package dev.gatehouse.deploy;

import static java.util.stream.Collectors.toMap;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code kubectl kustomize} makes of a directory, as far as our kustomizations go: resources, patches that are merged into the
 * resource of the same kind and name, and image names.
 */
final class Overlay {
    private Overlay() {}

    static List<JsonNode> render(String directory) {
        JsonNode kustomization =
                Yaml.documents(Checkout.text(directory + "/kustomization.yaml")).getFirst();
        for (String key : kustomization.propertyNames()) {
            if (!List.of("apiVersion", "kind", "namespace", "resources", "patches", "images")
                    .contains(key)) {
                throw new IllegalStateException(directory + ": teach this class what " + key + " means");
            }
        }
        List<JsonNode> resources = new ArrayList<>();
        Yaml.texts(kustomization.path("resources"))
                .map(resource -> Path.of(directory, resource).normalize().toString())
                .flatMap(resource -> resource.endsWith(".yaml")
                        ? Yaml.documents(Checkout.text(resource)).stream()
                        : render(resource).stream())
                .forEach(resources::add);
        kustomization
                .path("patches")
                .valueStream()
                .map(patch -> directory + "/" + patch.path("path").asString())
                .flatMap(patch -> Yaml.documents(Checkout.text(patch)).stream())
                .forEach(patch -> merge(target(resources, patch), patch));
        Map<String, String> images = kustomization
                .path("images")
                .valueStream()
                .collect(toMap(
                        image -> image.path("name").asString(),
                        image -> image.path("newName").asString() + ":"
                                + image.path("newTag").asString()));
        resources.stream()
                .flatMap(resource ->
                        resource.at("/spec/template/spec/containers").valueStream())
                .forEach(container -> rename((ObjectNode) container, images));
        return resources;
    }

    private static JsonNode target(List<JsonNode> resources, JsonNode patch) {
        return resources.stream()
                .filter(resource -> Stream.of("/apiVersion", "/kind", "/metadata/name")
                        .allMatch(pointer -> resource.at(pointer).equals(patch.at(pointer))))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "a patch is for " + patch.path("kind").asString() + " "
                                + patch.at("/metadata/name").asString() + ", which is not there"));
    }

    private static void rename(ObjectNode container, Map<String, String> images) {
        String image = container.path("image").asString();
        Optional.ofNullable(images.get(image.substring(0, image.lastIndexOf(':'))))
                .ifPresent(renamed -> container.put("image", renamed));
    }

    private static void merge(JsonNode into, JsonNode patch) {
        patch.forEachEntry((key, value) -> {
            JsonNode old = into.path(key);
            if (old.isObject() && value.isObject()) {
                merge(old, value);
            } else if (old instanceof ArrayNode items
                    && value.isArray()
                    && mergeKey(value).isPresent()) {
                mergeItems(items, value, mergeKey(value).get());
            } else {
                ((ObjectNode) into).set(key, value);
            }
        });
    }

    private static Optional<String> mergeKey(JsonNode items) {
        return Stream.of("name", "topologyKey")
                .filter(key -> items.valueStream().allMatch(item -> item.has(key)))
                .findFirst();
    }

    private static void mergeItems(ArrayNode into, JsonNode items, String key) {
        for (JsonNode item : items) {
            into.valueStream()
                    .filter(old -> old.path(key).equals(item.path(key)))
                    .findFirst()
                    .ifPresentOrElse(old -> merge(old, item), () -> into.add(item));
        }
    }
}
