package dev.gatehouse.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Dockerfile's stages, and what is wrong with them. */
final class Dockerfile {
    private static final Pattern FROM = Pattern.compile("FROM (?<base>\\S+)( AS (?<name>\\S+))?");
    private static final Pattern NUMERIC_USER = Pattern.compile("USER [1-9]\\d*:[1-9]\\d*");

    private final Map<String, Stage> stages = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private Dockerfile(String text) {
        List<String> instructions = new ArrayList<>();
        for (String line : text.replaceAll("(?m)^#.*\\R", "")
                .replaceAll("\\\\\\R\\s*", " ")
                .lines()
                .toList()) {
            Matcher from = FROM.matcher(line);
            if (from.matches()) {
                instructions = new ArrayList<>();
                String name = from.group("name") == null ? from.group("base") : from.group("name");
                stages.put(name, new Stage(name, from.group("base"), instructions));
            } else if (!line.isBlank()) {
                instructions.add(line.strip());
            }
        }
    }

    static List<String> problems(String text, String... targets) {
        var file = new Dockerfile(text);
        file.stages.values().forEach(file::stage);
        Stream.of(targets).forEach(file::target);
        return file.problems;
    }

    private void stage(Stage stage) {
        require(
                stage,
                stages.containsKey(stage.base()) || stage.base().equals("${JARS}") || Images.pinned(stage.base()),
                "begins with an image without a version");
        for (String instruction : stage.instructions()) {
            require(stage, !instruction.startsWith("ADD "), "adds what COPY would");
            require(
                    stage,
                    !instruction.matches("(?i)(ARG|ENV) .*(password|secret|token|credential|_key).*"),
                    "carries a secret");
        }
    }

    private void target(String name) {
        Stage stage = stages.get(name);
        if (stage == null) {
            problems.add(name + " is no stage");
            return;
        }
        List<String> all = instructions(stage);
        require(stage, base(stage).endsWith("-jre"), "brings a compiler along");
        require(
                stage,
                last(all, "USER ")
                        .filter(NUMERIC_USER.asMatchPredicate())
                        .findAny()
                        .isPresent(),
                "runs as root, or as a name that Kubernetes cannot check");
        require(
                stage,
                last(all, "ENTRYPOINT ").anyMatch(entry -> entry.matches("ENTRYPOINT \\[\"java\", .*\\]")),
                "does not get its signals: ENTRYPOINT is not in exec form");
        require(
                stage,
                last(all, "ENTRYPOINT ").anyMatch(entry -> entry.contains("-XX:MaxRAMPercentage=")),
                "does not know its memory limit");
        require(stage, last(all, "HEALTHCHECK ").findAny().isPresent(), "has no health check");
        require(
                stage,
                all.stream()
                        .filter(line -> line.startsWith("COPY "))
                        .allMatch(line -> line.startsWith("COPY --from=layers ")
                                || line.equals("COPY --from=cached --chmod=0444 /tmp/" + name + ".aot ./")
                                || line.matches("COPY .* deploy/(healthy|jvm\\.options) .*")),
                "takes more than the layers of its jar");
        require(
                stage,
                all.stream()
                                .filter(line -> line.startsWith("COPY --from=layers /layers/" + name + "/"))
                                .count()
                        == 4,
                "does not take the four layers of its jar");
        require(
                stage,
                all.stream().noneMatch(line -> line.startsWith("RUN ")),
                "runs commands in the image that is shipped");
        for (String label : List.of("title", "description", "licenses", "version", "revision")) {
            require(
                    stage,
                    all.stream()
                            .anyMatch(line -> line.startsWith("LABEL ")
                                    && line.contains("org.opencontainers.image." + label + "=\"")),
                    "has no label " + label);
        }
    }

    private List<String> instructions(Stage stage) {
        List<String> all = new ArrayList<>();
        @Nullable Stage parent = stages.get(stage.base());
        if (parent != null) {
            all.addAll(instructions(parent));
        }
        all.addAll(stage.instructions());
        return all;
    }

    private String base(Stage stage) {
        @Nullable Stage parent = stages.get(stage.base());
        return parent == null ? stage.base() : base(parent);
    }

    private static Stream<String> last(List<String> instructions, String name) {
        return instructions.reversed().stream()
                .filter(line -> line.startsWith(name))
                .limit(1);
    }

    private void require(Stage stage, boolean good, String otherwise) {
        if (!good) {
            problems.add(stage.name() + " " + otherwise);
        }
    }

    private record Stage(String name, String base, List<String> instructions) {}
}
