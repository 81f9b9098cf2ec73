package dev.gatehouse.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.gatehouse.demo.LocalPostgres;
import dev.gatehouse.server.GatehouseApplication;
import dev.gatehouse.server.GatehouseTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;

/** The real server with its signing keys in a real SoftHSM. */
@GatehouseTest
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class Pkcs11IT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final SoftHsm HSM = SoftHsm.start();

    @Value("${gatehouse.issuer}")
    private String issuer;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private SigningKeys keys;

    @DynamicPropertySource
    static void device(DynamicPropertyRegistry registry) {
        registry.add("gatehouse.keys.algorithms", () -> "RS256,ES256");
        registry.add("gatehouse.keys.pkcs11.library", HSM::library);
        registry.add("gatehouse.keys.pkcs11.slot", HSM::slot);
        registry.add("gatehouse.keys.pkcs11.pin", () -> SoftHsm.PIN);
    }

    @Test
    void aTokenThatTheDeviceHasSignedIsVerifiedWithThePublishedKeyBeforeAndAfterARotation() throws Exception {
        String before = token();
        assertThat(verifies(before)).isTrue();
        assertThat(keys.all()).extracting(KeyStatus::custody).containsOnly("pkcs11");
        assertThat(jdbc.sql("select distinct custody from signing_keys")
                        .query(String.class)
                        .list())
                .containsExactly("pkcs11");

        keys.compromise(JWSObject.parse(before).getHeader().getKeyID());

        String after = token();
        assertThat(JWSObject.parse(after).getHeader().getKeyID())
                .isNotEqualTo(JWSObject.parse(before).getHeader().getKeyID());
        assertThat(verifies(after)).isTrue();
    }

    @Test
    void aWrongPinStopsAStartWithOneLineThatDoesNotHaveIt(CapturedOutput output) {
        assertThatThrownBy(() -> start(HSM.library().toString(), "sesame-pass")).isNotNull();

        assertThat(failure(output))
                .containsExactly("gatehouse cannot start: gatehouse.keys.pkcs11.pin: the device refuses it:"
                        + " CKR_PIN_INCORRECT");
        assertThat(output).doesNotContain("sesame-pass");
    }

    @Test
    void aLibraryThatIsNoneStopsAStartWithOneLine(CapturedOutput output) {
        String noLibrary = HSM.library().resolveSibling("libnone.so").toString();
        assertThatThrownBy(() -> start(noLibrary, SoftHsm.PIN)).isNotNull();
        assertThat(failure(output))
                .containsExactly(
                        "gatehouse cannot start: bad configuration",
                        "  gatehouse.keys.pkcs11.library must be the absolute path of a library, and there is no "
                                + noLibrary);
    }

    @Test
    void aFileThatCannotBeLoadedStopsAStartWithOneLine(CapturedOutput output) {
        String noLibrary = System.getenv("SOFTHSM2_CONF");
        assertThatThrownBy(() -> start(noLibrary, SoftHsm.PIN)).isNotNull();
        assertThat(failure(output))
                .singleElement()
                .asString()
                .startsWith("gatehouse cannot start: gatehouse.keys.pkcs11.library: no device is to be had from "
                        + noLibrary);
    }

    /** From the line on with which the server begins to say why. */
    private static List<String> failure(CapturedOutput output) {
        return output.getErr()
                .lines()
                .dropWhile(line -> !line.startsWith("gatehouse "))
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static void start(String library, String pin) {
        List<String> arguments = List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--gatehouse.issuer=http://localhost:9999",
                "--gatehouse.keys.master-key=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
                "--gatehouse.keys.pkcs11.library=" + library,
                "--gatehouse.keys.pkcs11.slot=" + HSM.untouchedSlot(),
                "--gatehouse.keys.pkcs11.pin=" + pin,
                "--spring.datasource.url=" + LocalPostgres.shared().newDatabase(),
                "--spring.data.redis.url=redis://127.0.0.1:1");
        SpringApplication.run(GatehouseApplication.class, arguments.toArray(String[]::new));
    }

    private boolean verifies(String token) throws Exception {
        JWSObject jws = JWSObject.parse(token);
        JWKSet published = JWKSet.parse(get("/oauth2/jwks"));
        assertThat(published.getKeys()).noneMatch(JWK::isPrivate);
        return jws.verify(new RSASSAVerifier(
                published.getKeyByKeyId(jws.getHeader().getKeyID()).toRSAKey()));
    }

    private String token() throws Exception {
        String answer = HTTP.send(
                        HttpRequest.newBuilder(URI.create(issuer + "/oauth2/token"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .header(
                                        "Authorization",
                                        "Basic "
                                                + Base64.getEncoder()
                                                        .encodeToString(
                                                                "load:load-secret".getBytes(StandardCharsets.US_ASCII)))
                                .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        return JsonMapper.builder().build().readTree(answer).get("access_token").asString();
    }

    private String get(String path) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(issuer + path)).build(), BodyHandlers.ofString())
                .body();
    }
}
