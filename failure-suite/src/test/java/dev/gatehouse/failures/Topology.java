package dev.gatehouse.failures;

import dev.gatehouse.demo.LocalPostgres;
import dev.gatehouse.verifier.ConformanceServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Two issuers on one Redis and one PostgreSQL, and three verifiers, each process on a link of its own. */
final class Topology implements AutoCloseable {
    static final int ISSUERS = 2;

    static final int VERIFIERS = 3;

    /** What the verifiers are built with; no request that was sent later than this after an acknowledgement may pass. */
    static final int BOUND_MILLIS = 2000;

    private static final String AUDIENCE = "http://localhost:8082";

    private static final String JAR = "../auth-server/target/auth-server.jar";

    private static final String MASTER_KEY = "ZmFpbHVyZSBzdWl0ZSdzIG93biBrZXksIDMyIGJ5dGU=";

    private final RedisPair redis = new RedisPair();

    private final List<JavaProcess> issuers = new ArrayList<>();

    private final List<Integer> issuerPorts = new ArrayList<>();

    private final List<Integer> managementPorts = new ArrayList<>();

    private final List<JavaProcess> verifiers = new ArrayList<>();

    private final List<Integer> verifierPorts = new ArrayList<>();

    private final List<FaultyLink> links = new ArrayList<>();

    private Topology() {}

    static Topology start(Path logs) {
        Topology topology = new Topology();
        try {
            topology.launch(Files.createDirectories(logs));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return topology;
    }

    private void launch(Path logs) {
        String database = LocalPostgres.shared().newDatabase();
        String name = "";
        for (int i = 0; i < ISSUERS; i++) {
            int port = JavaProcess.freePort();
            int managementPort = JavaProcess.freePort();
            name = i == 0 ? "http://localhost:" + port : name;
            issuerPorts.add(port);
            managementPorts.add(managementPort);
            issuers.add(JavaProcess.start(
                    logs.resolve("issuer-" + i + ".log"),
                    Map.of(),
                    "-jar",
                    JAR,
                    "--gatehouse.issuer=" + name,
                    "--server.port=" + port,
                    "--management.server.port=" + managementPort,
                    "--gatehouse.demo.enabled=true",
                    "--gatehouse.keys.master-key=" + MASTER_KEY,
                    "--spring.datasource.url=" + database,
                    "--spring.data.redis.url=" + redis.url()));
        }
        for (int v = 0; v < VERIFIERS; v++) {
            int port = JavaProcess.freePort();
            FaultyLink link = new FaultyLink(
                    v % 2 == 0 ? issuerPorts : issuerPorts.reversed().stream().toList());
            links.add(link);
            verifierPorts.add(port);
            verifiers.add(JavaProcess.start(
                    logs.resolve("verifier-" + v + ".log"),
                    Map.of(
                            "ISSUER",
                            name,
                            "ISSUER_LOCATION",
                            "http://127.0.0.1:" + link.port(),
                            "AUDIENCE",
                            AUDIENCE,
                            "CLIENT_ID",
                            "inventory",
                            "CLIENT_SECRET",
                            "inventory-secret",
                            "STALENESS_BOUND_MS",
                            Integer.toString(BOUND_MILLIS),
                            "PORT",
                            Integer.toString(port)),
                    "-cp",
                    System.getProperty("java.class.path"),
                    ConformanceServer.class.getName()));
        }
    }

    RedisPair redis() {
        return redis;
    }

    JavaProcess issuer(int index) {
        return issuers.get(index);
    }

    int issuerPort(int index) {
        return issuerPorts.get(index);
    }

    int managementPort(int index) {
        return managementPorts.get(index);
    }

    JavaProcess verifier(int index) {
        return verifiers.get(index);
    }

    int verifierPort(int index) {
        return verifierPorts.get(index);
    }

    /** From a verifier to the issuers. */
    FaultyLink link(int verifier) {
        return links.get(verifier);
    }

    @Override
    public void close() {
        verifiers.forEach(JavaProcess::close);
        issuers.forEach(JavaProcess::close);
        links.forEach(FaultyLink::close);
        redis.close();
    }
}
