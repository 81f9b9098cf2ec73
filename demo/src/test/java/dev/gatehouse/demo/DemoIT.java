package dev.gatehouse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher under rough handling: started twice, killed, stopped half-way, given what it cannot use. */
class DemoIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    /** Ends what a failed test has left; a passed one leaves nothing. */
    @AfterEach
    void endWhatIsLeft() {
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(directory.toString()))
                .forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void aSecondDemoOnTheSameDataIsRefusedAndTheFirstIsLeftAlone() throws Exception {
        try (LaunchedDemo first = launch().awaitUp()) {
            List<ProcessHandle> running = first.processesOn(directory);
            LaunchedDemo second = launch();
            assertThat(second.process().waitFor()).isEqualTo(1);
            assertThat(second.output().lines())
                    .containsExactly("gatehouse demo: a demo is already running on " + LaunchedDemo.data(directory));
            assertThat(running).isNotEmpty().allMatch(Orphans::runs);
            assertThat(first.process().isAlive()).isTrue();
        }
    }

    @Test
    void whatAKilledDemoLeftBehindMakesWayForTheNext() throws Exception {
        String port = Integer.toString(LaunchedDemo.freePort());
        LaunchedDemo killed = launch(Map.of(), "--port", port).awaitUp();
        killed.process().destroyForcibly().waitFor();
        List<ProcessHandle> left = killed.processesOn(directory);
        assertThat(left).hasSizeGreaterThanOrEqualTo(3);
        try (LaunchedDemo next = launch(Map.of(), "--port", port).awaitUp()) {
            assertThat(left).noneMatch(Orphans::runs);
            assertThat(next.process().isAlive()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gatehouse-demo", "postgres", "postgres/postmaster.pid", "auth-server.pid"})
    void whoeverStopsADemoWhileItStartsLeavesNothingRunning(String stage) throws Exception {
        LaunchedDemo demo = launch(Map.of(StandIn.NEVER_HEALTHY, "true"));
        demo.awaitFile(LaunchedDemo.data(directory).resolve(stage));
        demo.close();
        assertThat(demo.processesOn(directory)).isEmpty();
        assertThat(demo.output()).doesNotContain("Gatehouse is up.").doesNotContain("gatehouse demo:");
    }

    @Test
    void postgresStopsAfterTheServerThatUsesIt() throws Exception {
        LaunchedDemo demo = launch().awaitUp();
        demo.close();
        assertThat(LaunchedDemo.data(directory).resolve("testimony")).hasContent("PostgreSQL outlived me");
        assertThat(demo.processesOn(directory)).isEmpty();
    }

    @Test
    void aDatabaseThatCannotStartIsOneLineAndAFailure() throws Exception {
        Path data = LaunchedDemo.data(directory);
        DataDirectory.hold(data).close();
        Files.writeString(Files.createDirectory(data.resolve("postgres")).resolve("stray"), "not a database");
        LaunchedDemo demo = launch();
        assertThat(demo.process().waitFor()).isEqualTo(1);
        assertThat(demo.output().lines())
                .hasSize(2)
                .last()
                .asString()
                .startsWith("gatehouse demo: PostgreSQL did not start in " + data);
        assertThat(demo.processesOn(directory)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {8080, 8081, 8082})
    void aPortThatTheSamplesNeedIsRefusedBeforeAnythingIsMade(int port) throws Exception {
        LaunchedDemo demo = LaunchedDemo.launch(directory, Map.of(), "--port", Integer.toString(port));
        assertThat(demo.process().waitFor()).isEqualTo(1);
        assertThat(demo.output().lines())
                .containsExactly("gatehouse demo: --port " + port + " takes the ports " + port + " and " + (port + 1)
                        + ", but the samples need 8081 and 8082: choose another, or leave the samples out with"
                        + " --no-samples");
        assertThat(LaunchedDemo.data(directory)).doesNotExist();
    }

    private LaunchedDemo launch() throws IOException {
        return launch(Map.of(), "--port", Integer.toString(LaunchedDemo.freePort()));
    }

    private LaunchedDemo launch(Map<String, String> environment) throws IOException {
        return launch(environment, "--port", Integer.toString(LaunchedDemo.freePort()));
    }

    private LaunchedDemo launch(Map<String, String> environment, String option, String value) throws IOException {
        return LaunchedDemo.launch(directory, environment, "--no-samples", option, value);
    }
}
