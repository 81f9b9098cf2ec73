package dev.gatehouse.deploy;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Kubernetes resources that are applied together, and what is wrong with them. */
final class Manifests {
    private static final Map<String, Schema> SCHEMAS = Map.of(
            "v1/Namespace", V1Namespace::validateJsonElement,
            "v1/ServiceAccount", V1ServiceAccount::validateJsonElement,
            "v1/ConfigMap", V1ConfigMap::validateJsonElement,
            "v1/Service", V1Service::validateJsonElement,
            "apps/v1/Deployment", V1Deployment::validateJsonElement,
            "policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
            "autoscaling/v2/HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::validateJsonElement,
            "networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy::validateJsonElement,
            "networking.k8s.io/v1/Ingress", V1Ingress::validateJsonElement);

    private static final Pattern QUANTITY = Pattern.compile("[1-9][0-9]*(m|Mi|Gi)?");

    private final List<JsonNode> resources;
    private final String documentation;
    private final List<String> problems = new ArrayList<>();

    private Manifests(List<JsonNode> resources, String documentation) {
        this.resources = resources;
        this.documentation = documentation;
    }

    /** What is wrong. What is to be made by hand beforehand must be named in the documentation. */
    static List<String> problems(List<JsonNode> resources, String documentation) {
        var manifests = new Manifests(resources, documentation);
        resources.forEach(manifests::schema);
        manifests.namesAreUnique();
        manifests.nothingIsSecret();
        manifests.deployments().forEach(manifests::deployment);
        manifests.kind("Service").forEach(manifests::service);
        manifests
                .kind("PodDisruptionBudget")
                .forEach(budget -> manifests.selectsPods(budget, "/spec/selector/matchLabels"));
        manifests.kind("HorizontalPodAutoscaler").forEach(manifests::autoscaler);
        manifests.kind("NetworkPolicy").forEach(manifests::networkPolicy);
        manifests.kind("Ingress").forEach(manifests::ingress);
        manifests.everythingIsDeniedByDefault();
        return manifests.problems;
    }

    private void schema(JsonNode resource) {
        Schema schema = SCHEMAS.get(resource.path("apiVersion").asString("") + "/"
                + resource.path("kind").asString(""));
        if (schema == null) {
            problem(resource, "is of no known kind and version");
            return;
        }
        try {
            schema.validate(JsonParser.parseString(resource.toString()));
        } catch (IOException | IllegalArgumentException e) {
            problem(resource, String.valueOf(e.getMessage()));
        }
    }

    private void namesAreUnique() {
        Set<String> names = new HashSet<>();
        resources.stream()
                .filter(resource -> !names.add(name(resource)))
                .forEach(resource -> problem(resource, "is there twice"));
    }

    private void nothingIsSecret() {
        for (JsonNode resource : resources) {
            require(
                    resource,
                    !"Secret".equals(resource.path("kind").asString()),
                    "does not belong here: refer to secrets by name");
            Yaml.allTexts(resource)
                    .filter(Secrecy::inText)
                    .forEach(text -> problem(resource, "carries a secret: " + text));
            resource.path("data")
                    .forEachEntry((key, value) ->
                            Secrecy.inlined(key, value.asString()).ifPresent(problem -> problem(resource, problem)));
        }
    }

    private void deployment(JsonNode deployment) {
        JsonNode pod = deployment.at("/spec/template/spec");
        JsonNode labels = deployment.at("/spec/template/metadata/labels");
        require(
                deployment,
                matches(deployment.at("/spec/selector/matchLabels"), labels),
                "selects other labels than its pods have");
        pod.path("topologySpreadConstraints")
                .forEach(constraint -> require(
                        deployment,
                        matches(constraint.at("/labelSelector/matchLabels"), labels),
                        "spreads other pods than its own"));
        require(deployment, pod.at("/securityContext/runAsNonRoot").asBoolean(false), "may run as root");
        require(deployment, pod.at("/securityContext/runAsUser").asInt(0) > 0, "names no user id");
        require(
                deployment,
                pod.at("/securityContext/seccompProfile/type").asString("").equals("RuntimeDefault"),
                "has no seccomp profile");
        require(
                deployment,
                !pod.path("automountServiceAccountToken").asBoolean(true),
                "gives its pods a token for the cluster's API");
        for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
            require(deployment, !pod.path(shared).asBoolean(false), "shares " + shared);
        }
        exists(deployment, "ServiceAccount", pod.path("serviceAccountName").asString(""));
        pod.path("volumes").forEach(volume -> volume(deployment, volume));
        pod.path("containers").forEach(container -> container(deployment, pod, container));
        require(
                deployment,
                kind("NetworkPolicy")
                        .filter(policy -> hasText(policy.at("/spec/policyTypes"), "Ingress"))
                        .map(policy -> policy.at("/spec/podSelector/matchLabels"))
                        .anyMatch(selector -> !selector.isEmpty() && matches(selector, labels)),
                "is reached by nobody: no NetworkPolicy lets anything in");
        require(
                deployment,
                kind("PodDisruptionBudget")
                        .anyMatch(budget -> matches(budget.at("/spec/selector/matchLabels"), labels)),
                "has no PodDisruptionBudget");
    }

    private void volume(JsonNode deployment, JsonNode volume) {
        require(deployment, !volume.has("hostPath"), "mounts a directory of the machine");
        Stream.of("/secret/secretName", "/configMap/name")
                .map(pointer -> volume.at(pointer).asString(""))
                .filter(Predicate.not(String::isEmpty))
                .filter(name -> kind("ConfigMap").noneMatch(map -> named(map, name)))
                .filter(name -> !documentation.contains("`" + name + "`"))
                .forEach(name -> problem(
                        deployment, "mounts " + name + ", which nothing here makes and no page tells how to make"));
    }

    private void container(JsonNode deployment, JsonNode pod, JsonNode container) {
        JsonNode security = container.path("securityContext");
        require(
                deployment,
                security.path("readOnlyRootFilesystem").asBoolean(false),
                "can write to its root file system");
        require(deployment, !security.path("allowPrivilegeEscalation").asBoolean(true), "can gain privileges");
        require(deployment, !security.path("privileged").asBoolean(false), "is privileged");
        require(deployment, hasText(security.at("/capabilities/drop"), "ALL"), "keeps capabilities");
        require(deployment, Images.pinned(container.path("image").asString("")), "has an image without a version");
        for (String resource : List.of("requests/cpu", "requests/memory", "limits/cpu", "limits/memory")) {
            require(
                    deployment,
                    QUANTITY.matcher(container.at("/resources/" + resource).asString(""))
                            .matches(),
                    "has no good resources/" + resource);
        }
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            require(
                    deployment,
                    hasPort(container, container.path(probe).at("/httpGet/port").asString("")),
                    "has no " + probe + " on one of its ports");
        }
        require(
                deployment,
                !container
                        .path("livenessProbe")
                        .at("/httpGet/path")
                        .asString("")
                        .contains("readiness"),
                "is killed when a store is away");
        int beforeStop = container.at("/lifecycle/preStop/sleep/seconds").asInt(0);
        require(
                deployment,
                beforeStop > 0 && pod.path("terminationGracePeriodSeconds").asInt(30) >= beforeStop + 30,
                "has no time to end what is in flight");
        container
                .path("envFrom")
                .forEach(source -> exists(
                        deployment, "ConfigMap", source.at("/configMapRef/name").asString("")));
        container
                .path("env")
                .forEach(variable -> Secrecy.inlined(
                                variable.path("name").asString(""),
                                variable.path("value").asString("/run/"))
                        .ifPresent(problem -> problem(deployment, problem)));
        container
                .path("volumeMounts")
                .forEach(mount -> require(
                        deployment,
                        pod.path("volumes")
                                .valueStream()
                                .anyMatch(volume -> volume.path("name").equals(mount.path("name"))),
                        "mounts a volume that it does not have"));
    }

    private void service(JsonNode service) {
        List<JsonNode> behind = pods(service.at("/spec/selector")).toList();
        require(service, !behind.isEmpty(), "selects no pods");
        require(
                service,
                !List.of("NodePort", "LoadBalancer")
                        .contains(service.at("/spec/type").asString("")),
                "is open to the outside");
        for (JsonNode port : service.at("/spec/ports")) {
            require(
                    service,
                    behind.stream()
                            .allMatch(deployment -> deployment
                                    .at("/spec/template/spec/containers")
                                    .valueStream()
                                    .anyMatch(container -> hasPort(
                                            container, port.path("targetPort").asString("")))),
                    "leads to a port that its pods do not have");
        }
        Set<Boolean> management = new HashSet<>();
        service.at("/spec/ports")
                .forEach(port -> management.add(port.path("port").asInt() == 9001));
        require(service, management.size() == 1, "mixes the public port with management");
    }

    private void autoscaler(JsonNode autoscaler) {
        String target = autoscaler.at("/spec/scaleTargetRef/name").asString("");
        exists(autoscaler, autoscaler.at("/spec/scaleTargetRef/kind").asString(""), target);
        require(
                autoscaler,
                deployments()
                        .filter(deployment -> named(deployment, target))
                        .noneMatch(deployment -> deployment.path("spec").has("replicas")),
                "fights with the number of replicas in its deployment");
        require(autoscaler, autoscaler.at("/spec/minReplicas").asInt(0) >= 2, "lets a single pod remain");
    }

    private void networkPolicy(JsonNode policy) {
        selectsPods(policy, "/spec/podSelector/matchLabels");
        for (String rules : List.of("ingress", "egress")) {
            for (JsonNode rule : policy.at("/spec/" + rules)) {
                JsonNode peers = rule.path(rules.equals("ingress") ? "from" : "to");
                require(policy, !peers.isEmpty(), "has a rule for everybody");
                require(policy, !rule.path("ports").isEmpty(), "has a rule for every port");
                for (JsonNode peer : peers) {
                    require(policy, !peer.at("/ipBlock/cidr").asString("").endsWith("/0"), "has a rule for everybody");
                    if (!peer.has("namespaceSelector") && !peer.has("ipBlock")) {
                        require(
                                policy,
                                pods(peer.at("/podSelector/matchLabels"))
                                        .findAny()
                                        .isPresent(),
                                "names a peer that is not here");
                    }
                }
            }
        }
    }

    private void ingress(JsonNode ingress) {
        List<String> secured = ingress.at("/spec/tls")
                .valueStream()
                .flatMap(tls -> Yaml.texts(tls.path("hosts")))
                .toList();
        for (JsonNode rule : ingress.at("/spec/rules")) {
            require(ingress, secured.contains(rule.path("host").asString("")), "serves a host without TLS");
            for (JsonNode path : rule.at("/http/paths")) {
                JsonNode backend = path.at("/backend/service");
                require(
                        ingress,
                        kind("Service")
                                .filter(service ->
                                        named(service, backend.path("name").asString("")))
                                .flatMap(service -> service.at("/spec/ports").valueStream())
                                .anyMatch(port -> port.path("name").equals(backend.at("/port/name"))
                                        && port.path("port").asInt() != 9001),
                        "leads to no public port of a service here");
            }
        }
        for (JsonNode tls : ingress.at("/spec/tls")) {
            require(
                    ingress,
                    documentation.contains("`" + tls.path("secretName").asString("") + "`"),
                    "has a certificate that no page tells how to make");
        }
    }

    private void everythingIsDeniedByDefault() {
        boolean denied = kind("NetworkPolicy")
                .map(policy -> policy.path("spec"))
                .anyMatch(spec -> spec.path("podSelector").isEmpty()
                        && hasText(spec.path("policyTypes"), "Ingress")
                        && hasText(spec.path("policyTypes"), "Egress")
                        && !spec.has("ingress")
                        && !spec.has("egress"));
        if (!denied) {
            problems.add("no NetworkPolicy denies everything by default");
        }
    }

    private void selectsPods(JsonNode resource, String pointer) {
        JsonNode selector = resource.at(pointer);
        require(resource, selector.isEmpty() || pods(selector).findAny().isPresent(), "selects no pods");
    }

    private Stream<JsonNode> pods(JsonNode selector) {
        return deployments()
                .filter(deployment ->
                        !selector.isEmpty() && matches(selector, deployment.at("/spec/template/metadata/labels")));
    }

    private Stream<JsonNode> deployments() {
        return kind("Deployment");
    }

    private Stream<JsonNode> kind(String kind) {
        return resources.stream()
                .filter(resource -> kind.equals(resource.path("kind").asString("")));
    }

    private void exists(JsonNode by, String kind, String name) {
        require(
                by,
                kind(kind).anyMatch(resource -> named(resource, name)),
                "refers to " + kind + " " + name + ", which is not here");
    }

    private void require(JsonNode resource, boolean good, String otherwise) {
        if (!good) {
            problem(resource, otherwise);
        }
    }

    private void problem(JsonNode resource, String what) {
        problems.add(name(resource) + " " + what);
    }

    private static boolean named(JsonNode resource, String name) {
        return resource.at("/metadata/name").asString("").equals(name);
    }

    private static String name(JsonNode resource) {
        return resource.path("kind").asString("?") + " "
                + resource.at("/metadata/name").asString("?");
    }

    private static boolean matches(JsonNode selector, JsonNode labels) {
        return !selector.isEmpty()
                && selector.propertyStream().allMatch(label -> label.getValue().equals(labels.path(label.getKey())));
    }

    private static boolean hasPort(JsonNode container, String port) {
        return container
                .path("ports")
                .valueStream()
                .anyMatch(known -> known.path("name").asString("").equals(port));
    }

    private static boolean hasText(JsonNode texts, String text) {
        return Yaml.texts(texts).anyMatch(text::equals);
    }

    private interface Schema {
        void validate(JsonElement resource) throws IOException;
    }
}
