package dev.reverie.deploy.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reverie.actors.cluster.ClusterSettings;
import dev.reverie.deploy.config.ServiceConfig;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.kustomize.v1beta1.Kustomization;
import io.fabric8.kubernetes.api.model.kustomize.v1beta1.Patch;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The Kubernetes manifests of a cluster")
class ClusterManifestsTest {

    private static final Path BASE = Path.of("kubernetes/base");
    private static final Path FOLDER = Path.of("kubernetes/cluster");
    private static final Map<String, String> SELECTOR = Map.of("app.kubernetes.io/name", "reverie");

    private final ManifestReader manifests = new ManifestReader(FOLDER);
    private final Kustomization kustomization = manifests.kustomization("kustomization.yaml");
    private final StatefulSet set = manifests.read("statefulset.yaml", StatefulSet.class);
    private final StatefulSet baseSet = new ManifestReader(BASE).read("statefulset.yaml", StatefulSet.class);
    private final PodSpec pod = set.getSpec().getTemplate().getSpec();
    private final Container container = pod.getContainers().getFirst();
    private final Service nodes = manifests.read("nodes-service.yaml", Service.class);

    ClusterManifestsTest() throws IOException {}

    @Test
    @DisplayName("are exactly those that the kustomization lists, on top of the base")
    void complete() throws IOException {
        List<String> listed = Stream.of(
                        Stream.of("kustomization.yaml"),
                        kustomization.getResources().stream().filter(name -> !name.contains("..")),
                        kustomization.getPatches().stream().map(Patch::getPath))
                .flatMap(names -> names)
                .toList();

        assertThat(kustomization.getResources())
                .filteredOn(name -> name.contains(".."))
                .singleElement()
                .satisfies(base -> assertThat(FOLDER.resolve(base).normalize()).isEqualTo(BASE));
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(listed);
        }
    }

    @Test
    @DisplayName("replace the lasting volume of the store by an empty folder, and remove nothing else from the base")
    void withoutVolume() throws IOException {
        JsonNode operations =
                new YAMLMapper().readTree(FOLDER.resolve("without-volume.yaml").toFile());

        assertThat(operations.findValuesAsText("path"))
                .containsExactly("/spec/volumeClaimTemplates", "/spec/template/spec/volumes/-");
        assertThat(operations.findValue("emptyDir")).isNotNull();
        assertThat(operations.findValue("name").asText()).isEqualTo("store");
        assertThat(baseSet.getSpec().getVolumeClaimTemplates())
                .singleElement()
                .satisfies(claim -> assertThat(claim.getMetadata().getName()).isEqualTo("store"));
        assertThat(baseContainer().getVolumeMounts())
                .extracting(VolumeMount::getName)
                .contains("store");
    }

    @Test
    @DisplayName("give each pod valid settings, its own name, and the same seeds, which are pods")
    void settings() {
        int replicas = set.getSpec().getReplicas();
        List<String> pods = IntStream.range(0, replicas)
                .mapToObj(number -> set.getMetadata().getName() + "-" + number)
                .toList();

        List<ClusterSettings> settings = pods.stream().map(this::settingsOf).toList();

        assertThat(replicas).isGreaterThanOrEqualTo(3);
        String domain = "." + nodes.getMetadata().getName();
        assertThat(settings)
                .map(ClusterSettings::host)
                .isEqualTo(pods.stream().map(name -> name + domain).toList());
        assertThat(settings).allSatisfy(each -> {
            assertThat(each.members()).isEqualTo(replicas);
            assertThat(each.seeds())
                    .hasSizeGreaterThan(1)
                    .isSubsetOf(pods.stream()
                            .map(name -> name + domain + ":" + port())
                            .toList());
            assertThat(each.tls()).isPresent();
        });
    }

    private ClusterSettings settingsOf(String name) {
        Map<String, String> environment = Stream.concat(baseContainer().getEnv().stream(), container.getEnv().stream())
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(
                        EnvVar::getName, variable -> variable.getValue().replace("$(POD_NAME)", name)));
        return ServiceConfig.load(Optional.empty(), environment, Map.of())
                .cluster()
                .orElseThrow();
    }

    private Container baseContainer() {
        return baseSet.getSpec().getTemplate().getSpec().getContainers().getFirst();
    }

    private int port() {
        return container.getPorts().getFirst().getContainerPort();
    }

    @Test
    @DisplayName("define the name of the pod before the host that contains it, as Kubernetes requires")
    void podName() {
        assertThat(container.getEnv()).map(EnvVar::getName).containsSubsequence("POD_NAME", "REVERIE_CLUSTER_HOST");
        assertThat(container.getEnv().getFirst().getValueFrom().getFieldRef().getFieldPath())
                .isEqualTo("metadata.name");
    }

    @Test
    @DisplayName("mount exactly the secrets that they define, read-only, where the settings expect them")
    void secrets() {
        assertThat(container.getVolumeMounts())
                .extracting(VolumeMount::getName)
                .containsExactlyInAnyOrderElementsOf(
                        pod.getVolumes().stream().map(Volume::getName).toList());
        assertThat(container.getVolumeMounts()).allMatch(VolumeMount::getReadOnly);
        assertThat(pod.getVolumes())
                .extracting(volume -> volume.getSecret().getSecretName())
                .containsExactlyInAnyOrder("reverie-nodes", "reverie-postgres");
        List<String> folders = container.getVolumeMounts().stream()
                .map(VolumeMount::getMountPath)
                .toList();
        assertThat(container.getEnv())
                .filteredOn(variable -> variable.getName().matches(".*(TLS|PASSWORD).*"))
                .hasSize(4)
                .allMatch(variable ->
                        folders.stream().anyMatch(folder -> variable.getValue().startsWith(folder + "/")));
    }

    @Test
    @DisplayName("start all pods at once, find them before they are ready, and give them time to hand over classes")
    void startAndStop() {
        assertThat(set.getSpec().getPodManagementPolicy()).isEqualTo("Parallel");
        assertThat(set.getSpec().getServiceName()).isEqualTo(nodes.getMetadata().getName());
        assertThat(nodes.getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(nodes.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(nodes.getSpec().getSelector()).isEqualTo(SELECTOR);
        assertThat(nodes.getSpec().getPorts())
                .extracting(port -> port.getTargetPort().getStrVal())
                .containsExactly(container.getPorts().getFirst().getName());
        assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThanOrEqualTo(90);
    }

    @Test
    @DisplayName("send requests only to pods that are ready")
    void requests() throws IOException {
        Service service = manifests.read("service.yaml", Service.class);

        assertThat(service.getSpec().getClusterIP()).isNull();
        assertThat(service.getSpec().getPublishNotReadyAddresses()).isFalse();
    }

    @Test
    @DisplayName("keep the majority when a machine fails or is drained")
    void majority() throws IOException {
        PodDisruptionBudget budget =
                new ManifestReader(BASE).read("poddisruptionbudget.yaml", PodDisruptionBudget.class);
        int replicas = set.getSpec().getReplicas();

        assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isEqualTo(1);
        assertThat(pod.getTopologySpreadConstraints())
                .filteredOn(constraint -> constraint.getWhenUnsatisfiable().equals("DoNotSchedule"))
                .extracting(
                        TopologySpreadConstraint::getTopologyKey,
                        TopologySpreadConstraint::getMaxSkew,
                        TopologySpreadConstraint::getMinDomains)
                .containsExactly(tuple("kubernetes.io/hostname", 1, replicas));
        assertThat(pod.getTopologySpreadConstraints()).allSatisfy(constraint -> assertThat(
                        constraint.getLabelSelector().getMatchLabels())
                .isEqualTo(SELECTOR));
    }

    @Test
    @DisplayName("let only the nodes reach the port of the nodes")
    void network() throws IOException {
        NetworkPolicy policy = manifests.read("nodes-networkpolicy.yaml", NetworkPolicy.class);
        String port = container.getPorts().getFirst().getName();

        assertThat(policy.getSpec().getPodSelector().getMatchLabels()).isEqualTo(SELECTOR);
        assertThat(policy.getSpec().getIngress()).singleElement().satisfies(rule -> {
            assertThat(rule.getFrom()).singleElement().satisfies(peer -> assertThat(
                            peer.getPodSelector().getMatchLabels())
                    .isEqualTo(SELECTOR));
            assertThat(rule.getPorts())
                    .singleElement()
                    .satisfies(each -> assertThat(each.getPort().getStrVal()).isEqualTo(port));
        });
        assertThat(policy.getSpec().getEgress()).singleElement().satisfies(rule -> {
            assertThat(rule.getTo()).singleElement().satisfies(peer -> assertThat(
                            peer.getPodSelector().getMatchLabels())
                    .isEqualTo(SELECTOR));
            assertThat(rule.getPorts())
                    .singleElement()
                    .satisfies(each -> assertThat(each.getPort().getStrVal()).isEqualTo(port));
        });
    }
}
