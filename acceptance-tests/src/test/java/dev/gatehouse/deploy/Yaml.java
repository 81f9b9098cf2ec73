package dev.gatehouse.deploy;

import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** YAML as trees; a key that is there twice is refused. */
final class Yaml {
    private static final JsonMapper TREES = JsonMapper.builder().build();

    private Yaml() {}

    static List<JsonNode> documents(String text) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Iterable<?> documents = new org.yaml.snakeyaml.Yaml(new SafeConstructor(options)).loadAll(text);
        return StreamSupport.stream(documents.spliterator(), false)
                .<JsonNode>map(TREES::valueToTree)
                .toList();
    }

    static Stream<String> texts(JsonNode node) {
        return node.valueStream().map(JsonNode::asString);
    }

    /** Every text in the tree, at any depth. */
    static Stream<String> allTexts(JsonNode node) {
        return node.isContainer() ? node.valueStream().flatMap(Yaml::allTexts) : Stream.of(node.asString());
    }
}
