package dev.gatehouse.server.admin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One mapping of the file. Whoever asks for a value of the wrong type gets the answer for an absent one, and the problem is
 * noted. A text is what is written, whatever type YAML would make of it: {@code 1990-01-01} stays that, and so does
 * {@code 0123}. Only what YAML takes for a boolean or nothing must be put in quotes.
 */
final class Section {
    private static final Set<Tag> TEXTUAL = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.TIMESTAMP);

    private static final int LONGEST_TEXT = 2000;

    private final String what;

    private final int line;

    private final Map<String, Node> values = new LinkedHashMap<>();

    private final Map<String, Integer> lines = new LinkedHashMap<>();

    private final Problems problems;

    private Section(String what, int line, Problems problems) {
        this.what = what;
        this.line = line;
        this.problems = problems;
    }

    /** The mapping that this node is, if it is one. */
    static Optional<Section> of(String what, Node node, Problems problems) {
        if (!(node instanceof MappingNode mapping) || !Tag.MAP.equals(node.getTag())) {
            problems.add(lineOf(node), what + " must be a mapping of keys to values");
            return Optional.empty();
        }
        Section section = new Section(what, lineOf(node), problems);
        mapping.getValue().forEach(section::put);
        return Optional.of(section);
    }

    private void put(NodeTuple entry) {
        int at = lineOf(entry.getKeyNode());
        Text key = text("a key", entry.getKeyNode());
        if (key != null && values.putIfAbsent(key.value(), entry.getValueNode()) != null) {
            problems.add(
                    at, "key " + Problems.quote(key.value()) + " is given twice, first on line " + line(key.value()));
        } else if (key != null) {
            lines.put(key.value(), at);
        }
    }

    private static int lineOf(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    int line() {
        return line;
    }

    /** The line of a key, or of the whole when there is no such key. */
    int line(String key) {
        return lines.getOrDefault(key, line);
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Set<String> keys() {
        return Collections.unmodifiableSet(values.keySet());
    }

    void allowOnly(Collection<String> allowed) {
        for (String key : values.keySet()) {
            if (!allowed.contains(key)) {
                refuse(
                        key,
                        "unknown key " + Problems.quote(key) + " in " + what + ": allowed are "
                                + String.join(", ", allowed));
            }
        }
    }

    void refuse(String key, String problem) {
        problems.add(line(key), problem);
    }

    @Nullable
    Text required(String key) {
        if (!has(key)) {
            problems.add(line, what + " needs " + Problems.quote(key));
        }
        return text(key);
    }

    @Nullable
    Text text(String key) {
        Node node = values.get(key);
        return node == null ? null : text(Problems.quote(key), node);
    }

    private @Nullable Text text(String name, Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            problems.add(lineOf(node), name + " must be a text");
            return null;
        }
        if (!TEXTUAL.contains(scalar.getTag())) {
            problems.add(lineOf(node), name + " must be a text: put it in quotes");
            return null;
        }
        String value = scalar.getValue();
        if (value.isBlank() || value.length() > LONGEST_TEXT || value.chars().anyMatch(Section::isControl)) {
            problems.add(
                    lineOf(node), name + " must have 1 to " + LONGEST_TEXT + " characters, none of them a control");
            return null;
        }
        return new Text(value, lineOf(node));
    }

    private static boolean isControl(int character) {
        return Character.isISOControl(character) && character != '\n';
    }

    /** The texts of a list; none when the key is absent. */
    List<Text> texts(String key) {
        List<Text> texts = new ArrayList<>();
        for (Node item : items(key)) {
            Text text = text("an item of " + Problems.quote(key), item);
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    /** The mappings of a list; none when the key is absent. */
    List<Section> sections(String key, String itemName) {
        return items(key).stream()
                .flatMap(item -> of(itemName, item, problems).stream())
                .toList();
    }

    /** The mapping under a key. */
    Optional<Section> section(String key) {
        Node node = values.get(key);
        return node == null ? Optional.empty() : of(Problems.quote(key), node, problems);
    }

    private List<Node> items(String key) {
        Node node = values.get(key);
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence) || !Tag.SEQ.equals(node.getTag())) {
            problems.add(lineOf(node), Problems.quote(key) + " must be a list");
            return List.of();
        }
        return sequence.getValue();
    }

    boolean flag(String key, boolean otherwise) {
        Node node = values.get(key);
        if (node == null) {
            return otherwise;
        }
        if (node instanceof ScalarNode scalar && Tag.BOOL.equals(node.getTag())) {
            if (scalar.getValue().equalsIgnoreCase("true")) {
                return true;
            }
            if (scalar.getValue().equalsIgnoreCase("false")) {
                return false;
            }
        }
        problems.add(lineOf(node), Problems.quote(key) + " must be true or false");
        return otherwise;
    }
}
