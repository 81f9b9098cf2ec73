package dev.gatehouse.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.GatehouseTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A house's own looks, texts and language over ours. */
@GatehouseTest
class ThemeIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    @Value("${gatehouse.issuer}")
    private String issuer = "";

    @DynamicPropertySource
    static void theme(DynamicPropertyRegistry properties) throws IOException {
        Files.writeString(directory.resolve("theme.css"), ":root { --accent: #7a1f5a; }");
        Files.writeString(directory.resolve("logo.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
        Files.writeString(directory.resolve("messages.properties"), "house.name=Harbour");
        Files.writeString(directory.resolve("messages_fr.properties"), "login.password=Mot de passe");
        properties.add("gatehouse.pages.theme", directory::toString);
    }

    private HttpResponse<String> get(String path, String language) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(issuer + path))
                        .header("Accept", "text/html")
                        .header("Accept-Language", language)
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void thePagesWearIt() throws IOException, InterruptedException {
        String page = get("/login", "en").body();

        assertThat(page).contains("href=\"/theme/theme.css\"", "src=\"/theme/logo.svg\"", "Harbour");
        assertThat(page.indexOf("/assets/gatehouse")).isLessThan(page.indexOf("/theme/theme.css"));
        HttpResponse<String> sheet = get("/theme/theme.css", "en");
        assertThat(sheet.body()).contains("#7a1f5a");
        assertThat(sheet.headers().firstValue("Content-Type").orElse("")).startsWith("text/css");
    }

    @Test
    void aFurtherLanguageIsSpokenAndWhatItLacksIsEnglish() throws IOException, InterruptedException {
        String page = get("/login", "fr-CH, de;q=0.5").body();

        assertThat(page).contains("lang=\"fr\"", "Mot de passe", "Harbour", "Sign in");
        assertThat(get("/login", "de").body()).contains("lang=\"de\"", "Passwort");
    }

    @Test
    void nothingElseOfTheDirectoryIsServed() throws IOException, InterruptedException {
        for (String path :
                new String[] {"/theme/messages.properties", "/theme/%2e%2e%2fsecret", "/theme/..%2ftheme.css", "/theme/"
                }) {
            assertThat(get(path, "en").statusCode()).as(path).isBetween(400, 404);
        }
    }
}
