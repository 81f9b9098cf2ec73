package dev.gatehouse.server.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.demo.LocalPostgres;
import dev.gatehouse.demo.LocalRedis;
import dev.gatehouse.server.GatehouseApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What an operator reads when the server cannot start: every reason in plain words, and no stack trace. */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureIT {
    private static final LocalRedis REDIS = LocalRedis.startTemporary();

    private static String database = "";

    private final Map<String, String> settings = new LinkedHashMap<>();

    @BeforeAll
    static void stores() {
        database = LocalPostgres.shared().newDatabase();
    }

    @AfterAll
    static void stop() {
        REDIS.kill();
    }

    /** What suffices for a start. */
    private void good() throws IOException {
        int port = ServerProcess.freePort();
        settings.put("server.port", Integer.toString(port));
        settings.put("management.server.port", Integer.toString(ServerProcess.freePort()));
        settings.put("gatehouse.issuer", "http://localhost:" + port);
        settings.put("gatehouse.keys.master-key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
        settings.put("spring.datasource.url", database);
        settings.put("spring.data.redis.url", REDIS.url());
        settings.put("spring.flyway.connect-retries", "0");
        settings.put("gatehouse.revocation.start-patience", "0s");
    }

    /** The lines that the failed start wrote for the operator. */
    private List<String> failure(CapturedOutput output) {
        List<String> arguments = new ArrayList<>();
        settings.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        assertThatThrownBy(() -> SpringApplication.run(GatehouseApplication.class, arguments.toArray(String[]::new)))
                .isNotNull();
        assertThat(output.getErr()).doesNotContain("\tat ");
        assertThat(output.getOut()).doesNotContain("stack_trace");
        return output.getErr().lines().filter(line -> !line.isBlank()).toList();
    }

    @Test
    void whatIsMissingIsNamedAllAtOnce(CapturedOutput output) {
        assertThat(failure(output))
                .containsExactlyInAnyOrder(
                        "gatehouse cannot start: bad configuration",
                        "  gatehouse.keys.master-key or gatehouse.keys.master-key-file must be set, and neither is",
                        "  gatehouse.issuer must be set, for example to https://id.example.com",
                        "  spring.datasource.url must be set, for example to jdbc:postgresql://db:5432/gatehouse");
    }

    @Test
    void whatIsWrongIsNamedAllAtOnceWithoutItsValue(CapturedOutput output) throws IOException {
        good();
        settings.put("gatehouse.keys.master-key", "a-secret-that-is-too-short");
        settings.put("gatehouse.token.access-token-lifetime", "5h");
        settings.put("gatehouse.protocol.client.burst", "0");
        settings.put("gatehouse.no.such-setting", "1");

        assertThat(failure(output))
                .hasSize(5)
                .anyMatch(line -> line.contains("gatehouse.keys.master-key must be 32 bytes"))
                .anyMatch(line -> line.contains("gatehouse.token.access-token-lifetime must be"))
                .anyMatch(line -> line.contains("gatehouse.protocol.client needs a burst"))
                .anyMatch(line -> line.contains("gatehouse.no.such-setting"))
                .noneMatch(line -> line.contains("a-secret-that-is-too-short"));
    }

    @Test
    void tokensAreNotIssuedInClearOutsideLoopback(CapturedOutput output) throws IOException {
        good();
        settings.put("gatehouse.issuer", "http://id.example.com");

        assertThat(failure(output)).anyMatch(line -> line.contains("use https"));
    }

    @Test
    void theDemosSecretsAreNotServedOutsideLoopback(CapturedOutput output) throws IOException {
        good();
        settings.put("gatehouse.issuer", "https://id.example.com");
        settings.put("server.address", "0.0.0.0");
        settings.put("gatehouse.demo.enabled", "true");
        settings.put("gatehouse.demo.admin-password", "whatever-it-was-1Time");

        assertThat(failure(output))
                .anyMatch(line -> line.contains("demo") && line.contains("loopback"))
                .noneMatch(line -> line.contains("whatever-it-was-1Time"));
    }

    @Test
    void aPortInUseIsOneLine(CapturedOutput output) throws IOException {
        good();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.put("server.port", Integer.toString(taken.getLocalPort()));

            assertThat(failure(output)).first().asString().contains(Integer.toString(taken.getLocalPort()), "in use");
        }
    }

    @Test
    void aDatabaseOutOfReachIsOneLine(CapturedOutput output) throws IOException {
        good();
        settings.put("spring.datasource.url", "jdbc:postgresql://127.0.0.1:" + ServerProcess.freePort() + "/gatehouse");

        assertThat(failure(output))
                .singleElement()
                .asString()
                .startsWith("gatehouse cannot start: PostgreSQL is out of reach");
    }

    @Test
    void aRedisOutOfReachIsOneLine(CapturedOutput output) throws IOException {
        good();
        settings.put("spring.data.redis.url", "redis://127.0.0.1:" + ServerProcess.freePort());

        assertThat(failure(output))
                .singleElement()
                .asString()
                .startsWith("gatehouse cannot start: Redis is out of reach");
    }

    @Test
    void whatOneRecordRefusesIsNamedAllAtOnceToo(CapturedOutput output) throws IOException {
        good();
        settings.put("gatehouse.token.access-token-lifetime", "5h");
        settings.put("gatehouse.token.refresh-token-grace", "soon");
        settings.put("gatehouse.login.account.burst", "0");
        settings.put("gatehouse.login.address.period", "2d");
        settings.put("gatehouse.login.address.brust", "200");

        assertThat(failure(output))
                .hasSize(6)
                .anyMatch(line -> line.startsWith("  gatehouse.token.access-token-lifetime must be"))
                .contains("  gatehouse.token.refresh-token-grace: 'soon' is not a valid duration")
                .anyMatch(line -> line.startsWith("  gatehouse.login.account needs"))
                .anyMatch(line -> line.startsWith("  gatehouse.login.address needs"))
                .contains("  gatehouse.login.address.brust: there is no such setting");
    }

    @Test
    void aManagementPortInUseIsOneLine(CapturedOutput output) throws IOException {
        good();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.put("management.server.port", Integer.toString(taken.getLocalPort()));

            assertThat(failure(output)).first().asString().contains(Integer.toString(taken.getLocalPort()), "in use");
        }
    }

    @Test
    void aMasterKeyThatDoesNotOpenTheStoredKeysIsOneLine(CapturedOutput output) throws IOException {
        good();
        settings.put("spring.datasource.url", LocalPostgres.shared().newDatabase());
        settings.put("spring.data.redis.url", "redis://127.0.0.1:" + ServerProcess.freePort());
        List<String> before = failure(output);
        settings.put("gatehouse.keys.master-key", "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=");

        List<String> all = failure(output);
        assertThat(all.subList(before.size(), all.size()))
                .singleElement()
                .asString()
                .contains("master key");
    }

    @Test
    void anSslBundleThatIsNotThereIsOneLine(CapturedOutput output) throws IOException {
        good();
        settings.put("server.ssl.bundle", "gatehouse");

        assertThat(failure(output)).singleElement().asString().contains("'gatehouse' cannot be found");
    }

    @Test
    void aCertificateThatIsNotThereIsOneLine(CapturedOutput output) throws IOException {
        good();
        bundle("/no/such/tls.crt", "/no/such/tls.key");

        assertThat(failure(output)).singleElement().asString().contains("/no/such/tls.crt");
    }

    @Test
    void aKeyThatIsNotTheCertificatesIsOneLine(CapturedOutput output, @TempDir Path directory) throws Exception {
        good();
        TestCertificates certificates = TestCertificates.in(directory);
        certificates.put(1);
        Files.copy(certificates.certificate(), directory.resolve("one.crt"));
        certificates.put(2);
        bundle(directory.resolve("one.crt").toString(), certificates.key().toString());
        settings.put("spring.ssl.bundle.pem.gatehouse.keystore.verify-keys", "true");

        assertThat(failure(output)).singleElement().asString().contains("match");
    }

    private void bundle(String certificate, String key) {
        settings.put("server.ssl.bundle", "gatehouse");
        settings.put("spring.ssl.bundle.pem.gatehouse.keystore.certificate", "file:" + certificate);
        settings.put("spring.ssl.bundle.pem.gatehouse.keystore.private-key", "file:" + key);
    }

    @Test
    void anAddressThatIsNoneIsNamedWithoutThePasswordInIt(CapturedOutput output) throws IOException {
        good();
        settings.put("spring.data.redis.url", "redis://gatehouse:sesame-pass@127.0.0.1:port-6379");
        settings.put("spring.datasource.url", "postgresql://gatehouse:sesame-pass@127.0.0.1/gatehouse");

        assertThat(failure(output))
                .containsExactlyInAnyOrder(
                        "gatehouse cannot start: bad configuration",
                        "  spring.datasource.url must begin with jdbc:postgresql:",
                        "  spring.data.redis.url must be like redis://host:6379 or rediss://host:6379");
        assertThat(output).doesNotContain("sesame-pass");
    }

    @Test
    void aValueOfTheWrongTypeIsPlain(CapturedOutput output) throws IOException {
        good();
        settings.put("server.port", "https");

        assertThat(failure(output)).anyMatch(line -> line.contains("server.port"));
    }

    @Test
    void theProcessEndsWithAnErrorAndPlainLines(@TempDir Path directory) throws Exception {
        try (ServerProcess server = ServerProcess.start(directory, Map.of())) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.err()).hasSize(4).first().isEqualTo("gatehouse cannot start: bad configuration");
            assertThat(server.out()).noneMatch(line -> line.contains("stack_trace"));
        }
    }
}
