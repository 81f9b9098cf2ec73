package dev.gatehouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

class DemoLifecycleIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void sigtermStopsEverythingThatTheDemoStarted() {
        RunningDemo demo = RunningDemo.start("--no-samples", "--port", "9400");
        List<ProcessHandle> children = demo.process().descendants().toList();
        assertThat(children).isNotEmpty();
        demo.close();
        assertThat(children.stream()
                        .filter(ProcessHandle::isAlive)
                        .map(child -> child.info().command()))
                .isEmpty();
    }

    @Test
    void aPortInUseIsOneReadableLineAndAFailure() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String said = failure("--no-samples", "--port", Integer.toString(taken.getLocalPort()));
            assertThat(said.strip().lines())
                    .containsExactly("gatehouse demo: port " + taken.getLocalPort()
                            + " is in use: stop what listens there, or choose another with --port");
        }
    }

    @Test
    void everyMistakeInADeclaredFileIsListedWithItsLine() throws IOException {
        Path file = Files.writeString(directory.resolve("declared.yaml"), """
                clients:
                  - id: broken
                    grants: [password]
                    colour: blue
                """);
        String said = failure("--no-samples", "--port", "9410", "--declare", file.toString());
        assertThat(said).contains("declared.yaml:3").contains("declared.yaml:4").doesNotContain("\tat ");
    }

    private String failure(String... options) throws IOException {
        Path output = directory.resolve("output.txt");
        Process process = RunningDemo.launch(directory.resolve("data"), output, options);
        assertThat(process.onExit().orTimeout(5, TimeUnit.MINUTES).join().exitValue())
                .isNotZero();
        return Files.readString(output);
    }
}
