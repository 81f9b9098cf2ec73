package dev.gatehouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The front-door script's commands for signing keys, as an operator types them. */
class KeysCommandIT {
    private static final Pattern KID = Pattern.compile("\"kid\":\"([^\"]+)\"");

    @BeforeAll
    static void startTheDemo() {
        RunningDemo.shared();
    }

    @Test
    void listShowsEveryPublishedKey() throws Exception {
        String listed = keys("list").output();
        assertThat(published())
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(kid -> assertThat(listed).contains(kid));
        assertThat(listed).contains("active").contains("next");
    }

    @Test
    void compromiseTakesAKeyFromThePublishedOnesAndShowsIt() throws Exception {
        String active = keys("list")
                .output()
                .lines()
                .filter(line -> line.contains(" active "))
                .findFirst()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .orElseThrow();
        assertThat(keys("compromise", active).output()).contains("\"position\":");
        assertThat(published()).doesNotContain(active);
        assertThat(keys("list").output()).containsPattern(Pattern.quote(active) + " +RS256 +compromised");
    }

    @Test
    void whatIsNoKeyIsRefusedInOneLine() throws Exception {
        Run unknown = keys("compromise", "nothing");
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.output()).contains("404").hasLineCount(1);
        assertThat(keys("compromise", "../clients").status()).isEqualTo(2);
    }

    private static List<String> published() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String jwks = http.send(
                            HttpRequest.newBuilder(URI.create("http://localhost:9000/oauth2/jwks"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            List<String> kids = new ArrayList<>();
            Matcher kid = KID.matcher(jwks);
            while (kid.find()) {
                kids.add(kid.group(1));
            }
            return kids;
        }
    }

    private static Run keys(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(RunningDemo.PROJECT.resolve("gatehouse").toString(), "keys"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output.strip());
    }

    private record Run(int status, String output) {}
}
