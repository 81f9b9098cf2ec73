package dev.gatehouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acceptance.NodePackage.Running;
import dev.gatehouse.verifier.ConformanceServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Both verifiers pass the conformance run of docs/revocation-feed.md, side by side, and the one for Node its own tests. */
class VerifiersConformIT {
    private static final String ALL_PASSED = "all [0-9]+ cases passed";

    private static final List<Running> started = new ArrayList<>();

    @BeforeAll
    static void start() {
        NodePackage.install();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = System.getProperty("java.class.path");
        started.add(conformance(java, "-cp", classes, ConformanceServer.class.getName()));
        started.add(conformance("node", NodePackage.EXAMPLE.toString()));
        started.add(NodePackage.start(Map.of(), "npm", "test"));
    }

    @AfterAll
    static void stop() {
        started.forEach(Running::close);
    }

    private static Running conformance(String... verifier) {
        List<String> command = new ArrayList<>(List.of("node", "../feed-conformance/run.mjs", "--"));
        command.addAll(List.of(verifier));
        return NodePackage.start(Map.of(), command.toArray(String[]::new));
    }

    @Test
    void theJavaVerifierConforms() {
        assertThat(started.get(0).succeeded()).containsPattern(ALL_PASSED);
    }

    @Test
    void theNodeVerifierConforms() {
        assertThat(started.get(1).succeeded()).containsPattern(ALL_PASSED);
    }

    @Test
    void theNodeVerifierPassesItsOwnTests() {
        assertThat(started.get(2).succeeded()).containsPattern("# pass [1-9]").contains("# fail 0", "# skipped 0");
    }
}
