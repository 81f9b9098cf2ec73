package dev.gatehouse.deploy;

import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A compose file, and what is wrong with it. */
final class Compose {
    private static final Set<String> PUBLIC_PORTS =
            Set.of("127.0.0.1:9000:9000", "127.0.0.1:8081:8081", "127.0.0.1:8082:8082");

    private static final List<String> STORES = List.of("postgres", "redis");

    private final JsonNode file;
    private final List<String> problems = new ArrayList<>();

    private Compose(JsonNode file) {
        this.file = file;
    }

    static List<String> problems(JsonNode file) {
        var compose = new Compose(file);
        file.path("services").forEachEntry(compose::service);
        compose.portsArePublicOnes();
        compose.storesAreApart();
        compose.secretsAreFiles();
        return compose.problems;
    }

    private void service(String name, JsonNode service) {
        require(name, Images.pinned(service.path("image").asString("")), "has an image without a version");
        require(name, service.path("read_only").asBoolean(false), "can write to its root file system");
        require(name, has(service.path("cap_drop"), "ALL"), "keeps capabilities");
        require(name, !service.has("cap_add") && !service.path("privileged").asBoolean(false), "is privileged");
        require(name, has(service.path("security_opt"), "no-new-privileges:true"), "can gain privileges");
        require(
                name,
                service.has("build") || service.path("user").asString("0").matches("[1-9]\\d*:[1-9]\\d*"),
                "runs as root");
        require(name, service.has("mem_limit") && service.has("pids_limit"), "has no limits");
        for (String shared : List.of("network_mode", "pid", "ipc", "userns_mode", "devices")) {
            require(name, !service.has(shared), "shares " + shared + " with the machine");
        }
        require(
                name,
                Yaml.texts(service.path("volumes"))
                        .filter(volume -> volume.startsWith("/") || volume.startsWith("."))
                        .allMatch(volume -> volume.startsWith("./deploy/") && volume.endsWith(":ro")),
                "mounts more of the machine than it should");
        JsonNode check = service.at("/healthcheck/test");
        require(name, check.size() > 1 && check.path(0).asString("").startsWith("CMD"), "has no health check");
        service.path("depends_on").forEachEntry((other, condition) -> {
            require(name, file.path("services").has(other), "depends on " + other + ", which is not there");
            require(
                    name,
                    condition.path("condition").asString("").equals("service_healthy"),
                    "does not wait for the health of " + other);
        });
        require(name, service.path("depends_on").isObject() || !service.has("depends_on"), "does not wait for health");
        require(name, !service.has("env_file"), "takes its environment from a file that is not in view");
        service.path("environment")
                .forEachEntry((key, value) ->
                        Secrecy.inlined(key, value.asString("")).ifPresent(problem -> problem(name, problem)));
        Yaml.allTexts(service).filter(Secrecy::inText).forEach(text -> problem(name, "carries a secret: " + text));
        Yaml.texts(service.path("networks"))
                .forEach(network -> require(name, file.path("networks").has(network), "is on an unknown network"));
        Yaml.texts(service.path("volumes"))
                .map(volume -> volume.substring(0, volume.indexOf(':')))
                .filter(volume -> volume.matches("[\\w-]+"))
                .forEach(volume -> require(name, file.path("volumes").has(volume), "mounts an unknown volume"));
        secretsOf(service)
                .forEach(secret ->
                        require(name, file.path("secrets").has(secret), "uses " + secret + ", which is not declared"));
    }

    private void portsArePublicOnes() {
        Set<String> published = services()
                .flatMap(service -> Yaml.texts(service.getValue().path("ports")))
                .collect(toSet());
        if (!published.equals(PUBLIC_PORTS)) {
            problems.add("publishes " + new TreeSet<>(published) + " and not " + new TreeSet<>(PUBLIC_PORTS));
        }
    }

    private void storesAreApart() {
        for (String store : STORES) {
            require(
                    store,
                    Yaml.texts(file.at("/services/" + store + "/networks"))
                            .allMatch(network -> file.at("/networks/" + network + "/internal")
                                    .asBoolean(false)),
                    "is on a network that leads outside");
            require(store, !file.at("/services/" + store + "/networks").isEmpty(), "is on the default network");
        }
        require(
                "auth-server",
                STORES.stream()
                        .allMatch(store ->
                                file.at("/services/auth-server/depends_on").has(store)),
                "does not wait for its stores");
        services()
                .filter(service -> !service.getKey().equals("auth-server") && !STORES.contains(service.getKey()))
                .forEach(service -> require(
                        service.getKey(), !has(service.getValue().path("networks"), "stores"), "reaches the stores"));
    }

    private void secretsAreFiles() {
        file.path("secrets").forEachEntry((name, secret) -> {
            require(
                    name,
                    secret.path("file").asString("").startsWith("./secrets/"),
                    "is not in the directory that git ignores");
            require(
                    name,
                    services().anyMatch(service -> secretsOf(service.getValue()).anyMatch(name::equals)),
                    "is used by nobody");
        });
    }

    private Stream<Map.Entry<String, JsonNode>> services() {
        return file.path("services").propertyStream();
    }

    private static Stream<String> secretsOf(JsonNode service) {
        return service.path("secrets")
                .valueStream()
                .map(secret -> secret.isObject() ? secret.path("source").asString("") : secret.asString(""));
    }

    private static boolean has(JsonNode texts, String text) {
        return Yaml.texts(texts).anyMatch(text::equals);
    }

    private void require(String name, boolean good, String otherwise) {
        if (!good) {
            problem(name, otherwise);
        }
    }

    private void problem(String name, String what) {
        problems.add(name + " " + what);
    }
}
