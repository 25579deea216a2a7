package dev.reverie.deploy.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.reverie.actors.cluster.ClusterSettings;
import dev.reverie.deploy.config.ServiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

@DisplayName("The Compose file")
class ComposeTest {

    /** The files, by the folder in which they are. */
    enum Compose {
        SINGLE("compose"),
        CLUSTER("compose/cluster");

        private final Path folder;

        Compose(String folder) {
            this.folder = Path.of(folder);
        }

        /** The file with its anchors and merges resolved, which Jackson does not do. */
        JsonNode file() throws IOException {
            return read(folder.resolve("compose.yaml"));
        }

        Map<String, JsonNode> services() throws IOException {
            return fields(file().get("services"));
        }

        Set<String> valuesOf(String key) throws IOException {
            Set<String> all = new TreeSet<>();
            services().values().forEach(service -> service.path(key).forEach(item -> all.add(item.textValue())));
            return all;
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("uses exactly the networks, volumes, secrets and services that it defines")
    void references(Compose compose) throws IOException {
        JsonNode file = compose.file();

        assertThat(compose.valuesOf("networks"))
                .isEqualTo(fields(file.get("networks")).keySet());
        assertThat(compose.valuesOf("secrets"))
                .isEqualTo(fields(file.get("secrets")).keySet());
        assertThat(compose.valuesOf("volumes").stream()
                        .map(volume -> volume.split(":")[0])
                        .filter(source -> !source.startsWith("."))
                        .collect(Collectors.toSet()))
                .isEqualTo(fields(file.get("volumes")).keySet());
        assertThat(compose.services().values())
                .flatMap(service -> fields(service.path("depends_on")).entrySet())
                .allSatisfy(dependency -> {
                    assertThat(compose.services()).containsKey(dependency.getKey());
                    assertThat(dependency.getValue().get("condition").textValue())
                            .isEqualTo("service_healthy");
                });
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("gives every service a health check, memory and CPU limits, an image with a fixed version, and no way"
            + " to gain privileges, and binds ports to localhost only")
    void everyService(Compose compose) throws IOException {
        assertThat(compose.services()).allSatisfy((name, service) -> {
            assertThat(service.at("/healthcheck/test").isEmpty()).isFalse();
            JsonNode limits = service.at("/deploy/resources/limits");
            assertThat(limits.has("cpus") && limits.has("memory")).isTrue();
            assertThat(service.get("image").textValue()).matches("\\S+:v?\\d+\\.\\d+\\.?\\d*(-\\S+)?");
            assertThat(service.get("security_opt").toString()).contains("no-new-privileges:true");
        });
        assertThat(compose.valuesOf("ports")).isNotEmpty().allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("contains no secrets, mounts those of its settings, and names each in the example environment")
    void secrets(Compose compose) throws IOException {
        Map<String, String> example = example(compose.folder);

        fields(compose.file().get("secrets")).forEach((name, secret) -> {
            String variable = secret.get("file").textValue().replaceAll("^\\$\\{(\\w+):\\?.*", "$1");
            assertThat(example.get(variable)).as(name).startsWith("./secrets/");
        });
        compose.services().values().forEach(service -> fields(service.path("environment"))
                .forEach((name, value) -> {
                    if (name.matches(".*(PASSWORD|TOKEN|TLS).*")) {
                        String path = value.textValue();
                        assertThat(path).startsWith("/run/secrets/");
                        assertThat(service.get("secrets").valueStream().map(JsonNode::textValue))
                                .contains(path.substring("/run/secrets/".length()));
                    }
                }));
    }

    @Test
    @DisplayName("keeps the secrets and the environment of its user out of Git")
    void ignored() throws IOException {
        assertThat(Files.readAllLines(Compose.SINGLE.folder.resolve(".gitignore")))
                .contains(".env", "secrets/");
    }

    @Test
    @DisplayName("mounts existing folders of the repository, read-only")
    void mounts() throws IOException {
        List<String> folders = Compose.SINGLE.valuesOf("volumes").stream()
                .filter(volume -> volume.startsWith("."))
                .toList();

        assertThat(folders).allSatisfy(volume -> assertThat(volume).endsWith(":ro"));
        assertThat(folders)
                .map(volume -> Compose.SINGLE.folder.resolve(volume.split(":")[0]))
                .allSatisfy(path -> assertThat(path).exists());
    }

    @Test
    @DisplayName("mounts the rules and dashboards where Prometheus and Grafana expect them")
    void rulesAndDashboards() throws IOException {
        JsonNode configuration = read(mountedFile("prometheus", "/etc/prometheus/prometheus.yaml"));
        JsonNode dashboards = read(mountedFile("grafana", "/etc/grafana/provisioning/dashboards/reverie.yml"));

        assertThat(configuration.get("rule_files")).isNotEmpty().allSatisfy(rules -> assertThat(
                        mountedFile("prometheus", "/etc/prometheus/" + rules.textValue()))
                .exists());
        assertThat(mountedFile(
                        "grafana", dashboards.at("/providers/0/options/path").textValue()))
                .isDirectoryContaining("glob:**.json");
    }

    @Test
    @DisplayName("runs Reverie without privileges, on a read-only file system, with valid settings")
    void reverie() throws IOException {
        JsonNode reverie = Compose.SINGLE.file().at("/services/reverie");

        ServiceConfig config = settings(reverie);

        assertThat(reverie.get("read_only").booleanValue()).isTrue();
        assertThat(reverie.get("cap_drop").toString()).isEqualTo("[\"ALL\"]");
        assertThat(reverie.get("networks").toString()).contains("inside", "outside");
        assertThat(config.access().tokens()).contains(Path.of("/run/secrets/tokens"));
        assertThat(config.kafka()).isPresent();
    }

    @Test
    @DisplayName("of a cluster runs three nodes whose settings are valid and agree, each under its own name")
    void nodes() throws IOException {
        Map<String, ClusterSettings> nodes = Compose.CLUSTER.services().entrySet().stream()
                .filter(service -> service.getKey().startsWith("node-"))
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        service -> settings(service.getValue()).cluster().orElseThrow()));

        assertThat(nodes).hasSize(3).allSatisfy((name, node) -> {
            assertThat(node.host()).isEqualTo(name);
            assertThat(node.members()).isEqualTo(nodes.size());
            assertThat(node.tls()).isPresent();
        });
        List<String> addresses =
                nodes.values().stream().map(ClusterSettings::address).sorted().toList();
        assertThat(nodes.values()).map(ClusterSettings::seeds).containsOnly(addresses);
    }

    private static ServiceConfig settings(JsonNode service) {
        Map<String, String> environment = new HashMap<>();
        fields(service.get("environment")).forEach((name, value) -> environment.put(name, value.textValue()));
        return ServiceConfig.load(Optional.empty(), environment, Map.of());
    }

    /** Returns the variables that {@code .env.example} in a folder sets. */
    static Map<String, String> example(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve(".env.example")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    /** Returns the file in the repository that a service sees at a path. */
    private static Path mountedFile(String service, String path) throws IOException {
        for (JsonNode volume : Compose.SINGLE.file().at("/services/" + service + "/volumes")) {
            String[] parts = volume.textValue().split(":");
            if (path.equals(parts[1]) || path.startsWith(parts[1] + "/")) {
                return Compose.SINGLE
                        .folder
                        .resolve(parts[0] + path.substring(parts[1].length()))
                        .normalize();
            }
        }
        throw new AssertionError("nothing is mounted into " + service + " at " + path);
    }

    private static JsonNode read(Path file) throws IOException {
        return new JsonMapper()
                .valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(Files.readString(file)));
    }

    private static Map<String, JsonNode> fields(JsonNode object) {
        return object.propertyStream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
