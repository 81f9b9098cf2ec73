package dev.gatehouse.forwardauth;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real nginx on a free loopback port: the machine's own, or Debian's package unpacked, not installed, under target. */
final class Nginx implements AutoCloseable {
    private static final Path INSTALLED = Path.of("/usr/sbin/nginx");

    private static final Path UNPACKED = Path.of("target/nginx-package").toAbsolutePath();

    private final Process process;

    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param locations what stands in the server's block, as in docs/forward-auth.md */
    static Nginx start(Path directory, String locations) throws IOException, InterruptedException {
        int port = freePort();
        Path configuration = directory.resolve("nginx.conf");
        Files.writeString(configuration, """
                daemon off;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                events {}
                http {
                    access_log off;
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    server {
                        listen 127.0.0.1:%2$d;
                        %3$s
                    }
                }
                """.formatted(directory, port, locations));
        Process process = new ProcessBuilder(executable().toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.log").toFile())
                .start();
        Nginx nginx = new Nginx(process, port);
        try {
            nginx.await(directory);
            return nginx;
        } catch (IOException e) {
            nginx.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    private void await(Path directory) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 200 && process.isAlive(); attempt++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
                return;
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(25);
            }
        }
        throw new IOException("nginx did not start: " + Files.readString(directory.resolve("output.log")));
    }

    private static Path executable() throws IOException, InterruptedException {
        if (Files.isExecutable(INSTALLED)) {
            return INSTALLED;
        }
        Path executable = UNPACKED.resolve("usr/sbin/nginx");
        if (!Files.isExecutable(executable)) {
            Files.createDirectories(UNPACKED);
            if (!run("apt-get", "download", "nginx")) {
                run("apt-get", "update");
                if (!run("apt-get", "download", "nginx")) {
                    throw new IOException("these tests need nginx: it is neither installed nor to be had from apt-get");
                }
            }
            run("sh", "-c", "dpkg-deb -x nginx_*.deb .");
        }
        return executable;
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command))
                .directory(UNPACKED.toFile())
                .redirectErrorStream(true)
                .start();
        try (InputStream output = process.getInputStream()) {
            String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            boolean good = process.waitFor() == 0;
            if (!good) {
                System.err.println(said);
            }
            return good;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
