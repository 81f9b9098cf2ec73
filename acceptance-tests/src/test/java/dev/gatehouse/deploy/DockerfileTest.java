package dev.gatehouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerfileTest {
    private static final String FILE = Checkout.text("Dockerfile");

    private static List<String> problems(String file) {
        return Dockerfile.problems(file, "auth-server", "forward-auth", "orders", "inventory");
    }

    @Test
    void nothingIsWrongWithTheDockerfile() {
        assertThat(problems(FILE)).isEmpty();
    }

    @Test
    void javaTakesTheOptionsThatTheServerIsRunWith() throws Exception {
        assertThat(FILE).contains("ENTRYPOINT [\"java\", \"@jvm.options\", ");
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + Checkout.ROOT.resolve("deploy/jvm.options"),
                        "-version")
                .redirectErrorStream(true)
                .start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor()).as(said).isZero();
        assertThat(said).doesNotContainIgnoringCase("warning");
    }

    /** Maven reads every module's POM before it builds one of them. */
    @Test
    void everyModuleIsInTheBuildContext() {
        List<String> modules = Pattern.compile("<module>([^<]+)</module>")
                .matcher(Checkout.text("pom.xml"))
                .results()
                .map(module -> module.group(1))
                .toList();
        assertThat(modules).isNotEmpty();
        assertThat(Checkout.text(".dockerignore").lines()).doesNotContainAnyElementsOf(modules);
    }

    /** Each line breaks the file in one place, and that must be noticed. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            USER 10001:10001             | USER 0:0                     | runs as root
            USER 10001:10001             | USER gatehouse               | runs as root
            USER 10001:10001             | USER 10001:10001\\nUSER root | runs as root
            eclipse-temurin:25-jre       | eclipse-temurin:25-jdk       | brings a compiler along
            eclipse-temurin:25-jre       | eclipse-temurin              | without a version
            eclipse-temurin:25-jre       | eclipse-temurin:latest       | without a version
            'ENTRYPOINT ["java", '       | 'ENTRYPOINT exec java '      | exec form
            '-XX:MaxRAMPercentage=70'    | '-Xmx2g'                     | memory limit
            'HEALTHCHECK '               | 'LABEL '                     | has no health check
            'AS orders'                  | 'AS order'                   | is no stage
            'COPY --from=layers /layers/orders/application/ ./' | 'COPY . .' | more than the layers
            'COPY --from=layers /layers/orders/application/ ./' | 'RUN true' | four layers
            '/tmp/auth-server.aot ./'    | '/launcher ./'               | more than the layers
            'EXPOSE 9000'                | 'RUN apt-get update'         | runs commands
            'EXPOSE 9000'                | 'ADD https://example.com/x /' | adds
            'EXPOSE 9000'                | 'ENV REDIS_PASSWORD=word'    | carries a secret
            'EXPOSE 9000'                | 'ARG MASTER_KEY'             | carries a secret
            'image.revision'             | 'image.other'                | has no label revision
            """)
    void everyBreachIsNoticed(String good, String bad, String problem) {
        String broken = FILE.replace(good, bad.replace("\\n", "\n"));
        assertThat(broken).isNotEqualTo(FILE);
        assertThat(problems(broken)).anySatisfy(said -> assertThat(said).contains(problem));
    }
}
