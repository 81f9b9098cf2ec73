package dev.gatehouse.acceptance;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The machine's Chromium, driven by Playwright; where there is none, the project's own script installs it. */
final class Chromium {
    private static @Nullable Browser shared;

    private Chromium() {}

    /** One browser for all tests of this run; take a context each. It stops with the JVM. */
    static synchronized Browser shared() {
        if (shared == null) {
            Playwright playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            Runtime.getRuntime().addShutdownHook(new Thread(playwright::close));
            shared = playwright
                    .chromium()
                    .launch(new LaunchOptions()
                            .setExecutablePath(installed().orElseGet(Chromium::install))
                            .setArgs(List.of(
                                    "--no-sandbox",
                                    "--disable-gpu",
                                    "--disable-quic",
                                    "--no-first-run",
                                    "--disable-background-networking",
                                    "--disable-component-update",
                                    "--disable-sync")));
        }
        return shared;
    }

    private static Optional<Path> installed() {
        return Stream.of("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
                .flatMap(name ->
                        Stream.of("/usr/bin/", "/usr/local/bin/", "/snap/bin/").map(path -> Path.of(path + name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Path install() {
        try {
            Process process = new ProcessBuilder(
                            RunningDemo.PROJECT.resolve(".ci/install-chromium").toString())
                    .inheritIO()
                    .start();
            process.onExit().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return installed().orElseThrow(() -> new IllegalStateException("no Chromium: see .ci/install-chromium"));
    }
}
