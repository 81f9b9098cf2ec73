package dev.gatehouse.server.admin;

import dev.gatehouse.server.client.Api;
import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.oauth.Issuer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads declared configuration, docs/declared-configuration.md. It works on YAML's nodes and never lets YAML make objects of
 * them: so every problem has its line, and a text stays what was written. No problem's text holds a secret, which is why
 * YAML's own messages, with their snippets of the file, are not passed on.
 */
final class DeclaredConfigurationReader {
    private static final List<String> KEYS = List.of("apis", "clients", "people");

    private static final int LARGEST_FILE = 1 << 20;

    private static final int DEEPEST_NESTING = 20;

    private static final int MOST_ALIASES = 20;

    private final Issuer issuer;

    private final boolean plainSecrets;

    private final List<SigningAlgorithm> algorithms;

    /**
     * @param plainSecrets whether secrets and passwords may be written out: only in the demo
     * @param algorithms what there are signing keys for
     */
    DeclaredConfigurationReader(Issuer issuer, boolean plainSecrets, List<SigningAlgorithm> algorithms) {
        this.issuer = issuer;
        this.plainSecrets = plainSecrets;
        this.algorithms = List.copyOf(algorithms);
    }

    /**
     * What the text declares.
     *
     * @param file how the file is called in a problem's line
     * @param known the APIs that it may refer to besides its own
     * @throws BadDeclaration with everything that is wrong, each as {@code FILE:LINE: what is wrong and what is allowed}
     */
    DeclaredConfiguration read(String file, String yaml, Collection<Api> known) {
        Problems problems = new Problems(file);
        Node root = compose(yaml, problems);
        DeclaredConfiguration declared = Optional.ofNullable(root)
                .flatMap(node -> Section.of("the file", node, problems))
                .map(section -> read(section, known, problems))
                .orElse(DeclaredConfiguration.empty());
        problems.refuse();
        return declared;
    }

    private DeclaredConfiguration read(Section file, Collection<Api> known, Problems problems) {
        file.allowOnly(KEYS);
        List<Api> apis = new DeclaredApis(issuer, algorithms, problems).read(file.sections("apis", "an API"));
        Surroundings surroundings = Surroundings.of(
                issuer,
                plainSecrets,
                algorithms,
                Stream.concat(known.stream(), apis.stream()).toList());
        return new DeclaredConfiguration(
                apis,
                new DeclaredClients(surroundings, problems).read(file.sections("clients", "a client")),
                new DeclaredPeople(surroundings, problems).read(file.sections("people", "a person")));
    }

    private static @Nullable Node compose(String yaml, Problems problems) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(MOST_ALIASES);
        options.setNestingDepthLimit(DEEPEST_NESTING);
        options.setCodePointLimit(LARGEST_FILE);
        try {
            return new Yaml(new SafeConstructor(options)).compose(new java.io.StringReader(yaml));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            problems.add(line, "this is not YAML as it is read here: " + oneLine(e.getProblem()));
        } catch (YAMLException e) {
            problems.add(
                    1,
                    "this is too large, too deep, has too many aliases or characters that cannot be printed: allowed are "
                            + LARGEST_FILE + " characters, " + DEEPEST_NESTING + " levels, " + MOST_ALIASES
                            + " aliases");
        }
        return null;
    }

    private static String oneLine(@Nullable String problem) {
        return problem == null ? "it cannot be parsed" : problem.replaceAll("\\s+", " ");
    }
}
