package dev.reverie.deploy.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.reverie.deploy.config.ServiceConfig;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.kustomize.v1beta1.Image;
import io.fabric8.kubernetes.api.model.kustomize.v1beta1.Kustomization;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The Kubernetes manifests")
class KubernetesManifestsTest {

    private static final Path BASE = Path.of("kubernetes/base");
    private static final Path GPU = Path.of("kubernetes/gpu");
    private static final Quantity GPU_MEMORY = new Quantity("8Gi");
    private static final Map<String, String> SELECTOR = Map.of("app.kubernetes.io/name", "reverie");

    private final ManifestReader base = new ManifestReader(BASE);
    private final StatefulSet set = base.read("statefulset.yaml", StatefulSet.class);
    private final PodSpec pod = set.getSpec().getTemplate().getSpec();
    private final Container container = pod.getContainers().getFirst();

    KubernetesManifestsTest() throws IOException {}

    @Test
    @DisplayName("are parsed strictly: an unknown field is an error at any depth")
    void strict() {
        assertThatThrownBy(() -> ManifestReader.parse("""
                        apiVersion: apps/v1
                        kind: StatefulSet
                        spec: {template: {spec: {containers: [{name: a, securityContext: {readOnlyRootFilesytem: true}}]}}}
                        """, StatefulSet.class))
                .isInstanceOf(UnrecognizedPropertyException.class)
                .hasMessageContaining("readOnlyRootFilesytem");
    }

    @Test
    @DisplayName("are exactly those that the kustomization lists")
    void complete() throws IOException {
        try (Stream<Path> files = Files.list(BASE)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                    Stream.of("kustomization.yaml"),
                                    base.kustomization("kustomization.yaml").getResources().stream())
                            .toList());
        }
    }

    @Test
    @DisplayName("run one pod without privileges, with a read-only root file system")
    void unprivileged() {
        assertThat(set.getSpec().getReplicas()).isEqualTo(1);
        assertThat(pod.getContainers()).hasSize(1);
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10001);
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getPrivileged()).isNull();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getSecurityContext().getCapabilities().getAdd()).isEmpty();
        assertThat(Stream.of(pod.getHostNetwork(), pod.getHostPID(), pod.getHostIPC()))
                .containsOnlyNulls();
        assertThat(pod.getVolumes()).extracting(Volume::getHostPath).containsOnlyNulls();
    }

    @Test
    @DisplayName("give the pod no token for the cluster API")
    void noClusterToken() throws IOException {
        ServiceAccount account = base.read("serviceaccount.yaml", ServiceAccount.class);

        assertThat(account.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getServiceAccountName()).isEqualTo(account.getMetadata().getName());
    }

    @Test
    @DisplayName("mount exactly the defined volumes, of which only the store and /tmp are writable")
    void volumes() {
        List<String> defined = Stream.concat(
                        pod.getVolumes().stream().map(Volume::getName),
                        set.getSpec().getVolumeClaimTemplates().stream()
                                .map(claim -> claim.getMetadata().getName()))
                .toList();

        assertThat(container.getVolumeMounts())
                .extracting(VolumeMount::getName)
                .containsExactlyInAnyOrderElementsOf(defined);
        assertThat(container.getVolumeMounts())
                .filteredOn(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                .extracting(VolumeMount::getMountPath)
                .containsExactlyInAnyOrder("/var/lib/reverie", "/tmp");
    }

    @Test
    @DisplayName("take tokens from a secret and valid settings from a config map")
    void configuration(@TempDir Path folder) throws IOException {
        ConfigMap map = base.read("configmap.yaml", ConfigMap.class);
        Path file =
                Files.writeString(folder.resolve("reverie.conf"), map.getData().get("reverie.conf"));

        ServiceConfig config = ServiceConfig.load(
                Optional.of(file),
                container.getEnv().stream().collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue)),
                Map.of());

        Path tokens = config.access().tokens().orElseThrow();
        assertThat(tokens).isEqualTo(Path.of(mount("tokens").getMountPath(), "tokens"));
        assertThat(volume("tokens").getSecret().getSecretName()).isEqualTo("reverie-tokens");
        assertThat(volume("config").getConfigMap().getName())
                .isEqualTo(map.getMetadata().getName());
        assertThat(container.getArgs())
                .containsExactly("serve", "--config", mount("config").getMountPath() + "/reverie.conf");
    }

    @Test
    @DisplayName("have liveness, readiness and startup probes and a sufficient grace period")
    void probes() {
        assertThat(path(container.getLivenessProbe())).isEqualTo("/livez");
        assertThat(path(container.getReadinessProbe())).isEqualTo("/readyz");
        assertThat(path(container.getStartupProbe())).isEqualTo("/livez");
        assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(20);
    }

    @Test
    @DisplayName("limit CPU and memory, and request the whole memory limit")
    void resources() {
        Map<String, Quantity> limits = container.getResources().getLimits();

        assertThat(limits).containsKeys("cpu", "memory");
        assertThat(container.getResources().getRequests()).containsEntry("memory", limits.get("memory"));
    }

    @Test
    @DisplayName("select the pod and its port in the service and the disruption budget")
    void selectors() throws IOException {
        Service service = base.read("service.yaml", Service.class);
        PodDisruptionBudget budget = base.read("poddisruptionbudget.yaml", PodDisruptionBudget.class);

        assertThat(set.getSpec().getTemplate().getMetadata().getLabels()).containsAllEntriesOf(SELECTOR);
        assertThat(set.getSpec().getSelector().getMatchLabels()).isEqualTo(SELECTOR);
        assertThat(service.getSpec().getSelector()).isEqualTo(SELECTOR);
        assertThat(budget.getSpec().getSelector().getMatchLabels()).isEqualTo(SELECTOR);
        assertThat(set.getSpec().getServiceName())
                .isEqualTo(service.getMetadata().getName());
        assertThat(service.getSpec().getPorts())
                .extracting(port -> port.getTargetPort().getStrVal())
                .containsExactly(container.getPorts().getFirst().getName());
    }

    @Test
    @DisplayName("find the only pod also while it is not ready, and replace a pod that never became ready")
    void notReady() throws IOException {
        Service service = base.read("service.yaml", Service.class);

        assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(set.getSpec().getPodManagementPolicy()).isEqualTo("Parallel");
    }

    @Test
    @DisplayName("restrict incoming and outgoing traffic to named peers and ports")
    void network() throws IOException {
        NetworkPolicy policy = base.read("networkpolicy.yaml", NetworkPolicy.class);

        assertThat(policy.getSpec().getPodSelector().getMatchLabels()).isEqualTo(SELECTOR);
        assertThat(policy.getSpec().getPolicyTypes()).containsExactlyInAnyOrder("Ingress", "Egress");
        assertThat(policy.getSpec().getIngress()).allSatisfy(rule -> {
            assertThat(rule.getFrom()).isNotEmpty();
            assertThat(rule.getPorts()).isNotEmpty();
        });
        assertThat(policy.getSpec().getEgress()).allSatisfy(rule -> {
            assertThat(rule.getTo()).isNotEmpty();
            assertThat(rule.getPorts()).isNotEmpty();
        });
    }

    @Test
    @DisplayName("for GPUs change only the image, the limits of GPUs and memory, and the tolerations")
    void gpu() throws IOException {
        ManifestReader overlay = new ManifestReader(GPU);
        Kustomization kustomization = overlay.kustomization("kustomization.yaml");
        StatefulSet patch = overlay.read(kustomization.getPatches().getFirst().getPath(), StatefulSet.class);
        PodSpec patched = patch.getSpec().getTemplate().getSpec();

        assertThat(kustomization.getResources())
                .singleElement()
                .satisfies(base -> assertThat(GPU.resolve(base).normalize()).isEqualTo(BASE));
        assertThat(patch.getMetadata().getName()).isEqualTo(set.getMetadata().getName());
        assertThat(patched.getContainers()).singleElement().satisfies(gpu -> {
            assertThat(gpu.getName()).isEqualTo(container.getName());
            Map<String, Quantity> limits = gpu.getResources().getLimits();
            assertThat(limits).containsOnlyKeys("nvidia.com/gpu", "memory").containsEntry("memory", GPU_MEMORY);
            assertThat(gpu.getResources().getRequests()).containsExactly(Map.entry("memory", GPU_MEMORY));
            assertThat(gpu.getSecurityContext()).isNull();
        });
        assertThat(kustomization.getImages())
                .extracting(Image::getName, Image::getNewTag)
                .containsExactly(tuple(
                        container.getImage(),
                        base.kustomization("kustomization.yaml")
                                        .getImages()
                                        .getFirst()
                                        .getNewTag() + "-torch"));
    }

    private static String path(Probe probe) {
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("http");
        return probe.getHttpGet().getPath();
    }

    private Volume volume(String name) {
        return pod.getVolumes().stream()
                .filter(it -> it.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private VolumeMount mount(String name) {
        return container.getVolumeMounts().stream()
                .filter(it -> it.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
