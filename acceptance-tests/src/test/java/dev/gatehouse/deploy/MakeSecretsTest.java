package dev.gatehouse.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Runs the script for real, where the programs that it needs are there. */
class MakeSecretsTest {
    @TempDir
    Path directory;

    @BeforeEach
    void programs() throws Exception {
        assumeThat(run("command -v openssl && command -v perl")).isZero();
        Files.createDirectories(directory.resolve("deploy"));
        Files.copy(Checkout.ROOT.resolve("deploy/make-secrets.sh"), directory.resolve("deploy/make-secrets.sh"));
    }

    @Test
    void everySecretOfTheComposeFileIsMade() throws Exception {
        assertThat(run("sh deploy/make-secrets.sh")).isZero();
        JsonNode secrets =
                Yaml.documents(Checkout.text("docker-compose.yml")).getFirst().path("secrets");
        assertThat(secrets.valueStream()
                        .map(secret -> directory.resolve(secret.path("file").asString())))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(file).isNotEmptyFile());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("secrets"))))
                .isEqualTo("rwx------");
        assertThat(
                        run(
                                "openssl verify -CAfile secrets/ca.crt secrets/auth-server.crt secrets/orders.crt secrets/inventory.crt"))
                .isZero();
    }

    @Test
    void whatIsThereIsKept() throws Exception {
        assertThat(run("sh deploy/make-secrets.sh")).isZero();
        Map<String, String> first = contents();
        assertThat(run("sh deploy/make-secrets.sh")).isZero();
        assertThat(contents()).isEqualTo(first);
    }

    @Test
    void twoMachinesHaveNoSecretInCommon() throws Exception {
        assertThat(run("sh deploy/make-secrets.sh")).isZero();
        Map<String, String> first = contents();
        assertThat(run("rm -rf secrets && sh deploy/make-secrets.sh")).isZero();
        assertThat(contents()).allSatisfy((name, content) -> assertThat(content).isNotEqualTo(first.get(name)));
    }

    @Test
    void whatTheStoresAndTheServerAreToldIsNoSecret() throws Exception {
        assertThat(run("sh deploy/make-secrets.sh")).isZero();
        Map<String, String> made = contents();
        for (String secret : List.of(
                "redis-password",
                "orders-client-secret",
                "inventory-client-secret",
                "web-client-secret",
                "alice-password")) {
            assertThat(made.get("redis.acl")).doesNotContain(made.get(secret));
            assertThat(made.get("declared.yml")).doesNotContain(made.get(secret));
        }
        assertThat(made.get("redis.acl")).contains("user default off").doesNotContain("nopass");
        assertThat(made.get("declared.yml")).contains("secret-digest: ", "password-hash: \"{bcrypt}$2b$12$");
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory.resolve("secrets"))) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readString(file, ISO_8859_1));
            }
        }
        return contents;
    }

    private int run(String command) throws Exception {
        var shell = new ProcessBuilder("sh", "-c", command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        shell.environment()
                .merge(
                        "PATH",
                        Path.of(System.getProperty("java.home"), "bin").toString(),
                        (path, jdk) -> jdk + ":" + path);
        Process process = shell.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
