package dev.gatehouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {
    private static final String DOCUMENTATION = Checkout.text("docs/deployment.md");

    @ParameterizedTest
    @ValueSource(strings = {"k8s/base", "k8s/overlays/production"})
    void nothingIsWrongWithTheManifests(String directory) {
        assertThat(Manifests.problems(Overlay.render(directory), DOCUMENTATION)).isEmpty();
    }

    @Test
    void theProductionOverlayChangesTheBase() {
        assertThat(Overlay.render("k8s/overlays/production"))
                .hasSize(Overlay.render("k8s/base").size() + 1)
                .anySatisfy(resource -> assertThat(resource.at("/spec/template/spec/containers/0/image")
                                .asString(""))
                        .isEqualTo("registry.example.com/gatehouse/auth-server:0.1.0"))
                .anySatisfy(resource ->
                        assertThat(resource.at("/spec/minReplicas").asInt(0)).isEqualTo(3))
                .anySatisfy(resource -> assertThat(resource.at("/data/GATEHOUSE_WEB_TRUSTEDPROXIES")
                                .asString(""))
                        .isNotEmpty());
    }

    /** Each line breaks the manifests in one place, and that must be noticed. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            readOnlyRootFilesystem: true     | readOnlyRootFileSystem: true     | readOnlyRootFileSystem
            readOnlyRootFilesystem: true     | readOnlyRootFilesystem: false    | can write to its root file system
            allowPrivilegeEscalation: false  | allowPrivilegeEscalation: true   | can gain privileges
            allowPrivilegeEscalation: false  | privileged: true                 | is privileged
            'drop: [ALL]'                    | 'drop: [NET_RAW]'                | keeps capabilities
            runAsNonRoot: true               | runAsNonRoot: false              | may run as root
            runAsUser: 10001                 | runAsUser: 0                     | names no user id
            type: RuntimeDefault             | type: Unconfined                 | has no seccomp profile
            automountServiceAccountToken: false | automountServiceAccountToken: true | token for the cluster
            enableServiceLinks: false        | hostNetwork: true                | shares hostNetwork
            'apiVersion: autoscaling/v2'     | 'apiVersion: autoscaling/v2beta2' | no known kind and version
            'kind: PodDisruptionBudget'      | 'kind: Secret'                   | no known kind and version
            'kind: PodDisruptionBudget'      | 'kind: Secret'                   | refer to secrets by name
            'kind: PodDisruptionBudget'      | 'kind: Secret'                   | has no PodDisruptionBudget
            'scaleTargetRef:'                | 'scaleTarget:'                   | scaleTarget
            'name: orders'                   | 'name: inventory'                | is there twice
            'memory: 768Mi'                  | 'memory: 768MB'                  | has no good resources
            'limits:'                        | 'bounds:'                        | has no good resources
            'startupProbe:'                  | 'anotherProbe:'                  | has no startupProbe
            'port: management'               | 'port: metrics'                  | has no livenessProbe
            '/actuator/health/liveness'      | '/actuator/health/readiness'     | is killed when a store is away
            'terminationGracePeriodSeconds: 60' | 'terminationGracePeriodSeconds: 30' | has no time to end
            'gatehouse/orders:0.1.0'         | 'gatehouse/orders:latest'        | has an image without a version
            'gatehouse/orders:0.1.0'         | 'gatehouse/orders'               | has an image without a version
            'GATEHOUSE_KEYS_MASTERKEYFILE: /run/keys/master.key' | 'GATEHOUSE_KEYS_MASTERKEY: AAAA' | carries a secret
            'jdbc:postgresql://postgres'     | 'jdbc:postgresql://me:word@postgres' | carries a secret
            'secretName: auth-server-stores' | 'secretName: unheard-of'         | no page tells how to make
            'configMapRef:\n                name: orders' | 'configMapRef:\n                name: other' | refers to ConfigMap other
            'serviceAccountName: orders'     | 'serviceAccountName: other'      | refers to ServiceAccount other
            'targetPort: management'         | 'targetPort: metrics'            | leads to a port that its pods do not have
            'clusterIP: None'                | 'type: NodePort'                 | is open to the outside
            '# How many is the'              | 'replicas: 2 # How many is the'  | fights with the number of replicas
            'minReplicas: 2'                 | 'minReplicas: 1'                 | lets a single pod remain
            'policyTypes: [Ingress, Egress]' | 'policyTypes: [Ingress]'         | denies everything by default
            '    - from:\n        - podSelector:' | '    - none:\n        - podSelector:' | has a rule for everybody
            'matchLabels:\n      app.kubernetes.io/name: orders\n  template' | 'matchLabels:\n      app.kubernetes.io/name: order\n  template' | selects other labels than its pods have
            """)
    void everyBreachIsNoticed(String good, String bad, String problem) {
        String manifests = base();
        String broken = manifests.replace(newlines(good), newlines(bad));
        assertThat(broken).isNotEqualTo(manifests);
        assertThat(Manifests.problems(Yaml.documents(broken), DOCUMENTATION))
                .anySatisfy(said -> assertThat(said).contains(problem));
    }

    private static String newlines(String text) {
        return text.replace("\\n", "\n");
    }

    private static String base() {
        return Stream.of("namespace", "auth-server", "orders", "inventory", "network-policies")
                .map(name -> Checkout.text("k8s/base/" + name + ".yaml"))
                .collect(Collectors.joining("\n---\n"));
    }
}
