package dev.gatehouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pastes the README's tour into a shell, block by block, and reads what a newcomer would see. */
class ReadmeTourIT {
    private static final String MARK = "---- next block ----";

    private static final Pattern BLOCK = Pattern.compile("```sh tour\n(.*?)```", Pattern.DOTALL);

    private static List<String> seen = List.of();

    @BeforeAll
    static void pasteTheTour() throws IOException, InterruptedException {
        RunningDemo.shared();
        StringBuilder script = new StringBuilder();
        Matcher blocks = BLOCK.matcher(Files.readString(RunningDemo.PROJECT.resolve("README.md")));
        while (blocks.find()) {
            script.append(blocks.group(1)).append("echo '").append(MARK).append("'\n");
        }
        Path file = Files.createTempFile("tour", ".sh");
        Files.writeString(file, script);
        Process shell = new ProcessBuilder("bash", file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(output).isZero();
        seen = new ArrayList<>(List.of(output.split(MARK + "\n", -1)));
    }

    @Test
    void inventoryAcceptsTheTokenAndRefusesItOnceRevoked() {
        assertThat(seen.get(1)).contains("teapot");
        assertThat(seen.get(2))
                .contains("401")
                .containsIgnoringCase("WWW-Authenticate: Bearer")
                .contains("invalid_token");
    }

    @Test
    void ordersReservesStockForAlice() {
        assertThat(seen.get(4)).contains("\"item\":\"teapot\"").doesNotContain("error");
    }

    @Test
    void theRefreshedTokenIsAcceptedAndRevokedEverywhere() {
        assertThat(seen.get(5).strip()).isEqualTo("200");
        List<String> lines = seen.get(6).strip().lines().toList();
        assertThat(lines.getFirst()).contains("\"verifiers\":2,\"applied\":2,\"slowest_ms\":", "\"stragglers\":[]");
        assertThat(lines.subList(1, lines.size())).containsExactly("401", "401");
    }
}
