package dev.reverie.deploy.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reverie.deploy.config.ServiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The Compose file")
class ComposeTest {

    private static final Path FOLDER = Path.of("compose");

    private final JsonNode file = read(FOLDER.resolve("compose.yaml"));
    private final Map<String, JsonNode> services = fields(file.get("services"));

    ComposeTest() throws IOException {}

    @Test
    @DisplayName("uses exactly the networks, volumes, secrets and services that it defines")
    void references() {
        assertThat(valuesOf("networks")).isEqualTo(fields(file.get("networks")).keySet());
        assertThat(valuesOf("secrets")).isEqualTo(fields(file.get("secrets")).keySet());
        assertThat(valuesOf("volumes").stream()
                        .map(volume -> volume.split(":")[0])
                        .filter(source -> !source.startsWith("."))
                        .collect(Collectors.toSet()))
                .isEqualTo(fields(file.get("volumes")).keySet());
        services.values().forEach(service -> fields(service.path("depends_on")).forEach((name, dependency) -> {
            assertThat(services).containsKey(name);
            assertThat(dependency.get("condition").textValue()).isEqualTo("service_healthy");
        }));
    }

    @Test
    @DisplayName("mounts existing folders of the repository, read-only")
    void mounts() {
        List<String> folders = valuesOf("volumes").stream()
                .filter(volume -> volume.startsWith("."))
                .toList();

        assertThat(folders).allSatisfy(volume -> assertThat(volume).endsWith(":ro"));
        assertThat(folders)
                .map(volume -> FOLDER.resolve(volume.split(":")[0]).normalize())
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
    @DisplayName("gives every service a health check, memory and CPU limits, an image with a fixed version, and no way"
            + " to gain privileges")
    void everyService() {
        assertThat(services).allSatisfy((name, service) -> {
            assertThat(service.path("healthcheck").path("test").isEmpty()).isFalse();
            JsonNode limits = service.path("deploy").path("resources").path("limits");
            assertThat(limits.has("cpus") && limits.has("memory")).isTrue();
            assertThat(service.get("image").textValue()).matches("\\S+:v?\\d+\\.\\d+\\.?\\d*(-\\S+)?");
            assertThat(service.get("security_opt").toString()).contains("no-new-privileges:true");
        });
    }

    @Test
    @DisplayName("binds ports to localhost only")
    void ports() {
        assertThat(valuesOf("ports")).isNotEmpty().allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    @Test
    @DisplayName("contains no secrets, nor does the example environment")
    void secrets() throws IOException {
        services.values().forEach(service -> fields(service.path("environment")).forEach((name, value) -> {
            if (name.contains("PASSWORD") || name.contains("TOKEN")) {
                assertThat(value.asText()).startsWith("/run/secrets/");
            }
        }));
        Map<String, String> example = example();
        fields(file.get("secrets")).forEach((name, secret) -> {
            String variable = secret.get("file").textValue().replaceAll("^\\$\\{(\\w+):\\?.*", "$1");
            assertThat(example.get(variable)).as(name).startsWith("./secrets/");
        });
        assertThat(Files.readAllLines(FOLDER.resolve(".gitignore"))).contains(".env", "secrets/");
    }

    @Test
    @DisplayName("runs Reverie without privileges, on a read-only file system, with valid settings")
    void reverie() {
        JsonNode reverie = services.get("reverie");
        assertThat(reverie).isNotNull();
        assertThat(reverie.get("read_only").booleanValue()).isTrue();
        assertThat(reverie.get("cap_drop").toString()).isEqualTo("[\"ALL\"]");
        assertThat(reverie.get("networks").toString()).contains("inside", "outside");

        Map<String, String> environment = new HashMap<>();
        fields(reverie.get("environment")).forEach((name, value) -> environment.put(name, value.textValue()));
        ServiceConfig config = ServiceConfig.load(Optional.empty(), environment, Map.of());
        assertThat(config.access().tokens()).contains(Path.of("/run/secrets/tokens"));
        assertThat(config.kafka()).isPresent();
    }

    /** Returns the variables that {@code .env.example} sets. */
    static Map<String, String> example() throws IOException {
        return example(FOLDER);
    }

    /** Returns the variables that {@code .env.example} in a folder sets. */
    static Map<String, String> example(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve(".env.example")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    /** Returns the file in the repository that a service sees at a path. */
    private Path mountedFile(String service, String path) {
        for (JsonNode volume : file.at("/services/" + service + "/volumes")) {
            String[] parts = volume.textValue().split(":");
            if (path.equals(parts[1]) || path.startsWith(parts[1] + "/")) {
                return FOLDER.resolve(parts[0] + path.substring(parts[1].length()))
                        .normalize();
            }
        }
        throw new AssertionError("nothing is mounted into " + service + " at " + path);
    }

    private static JsonNode read(Path file) throws IOException {
        return new YAMLMapper().readTree(file.toFile());
    }

    private Set<String> valuesOf(String key) {
        List<String> all = new ArrayList<>();
        services.values().forEach(service -> service.path(key).forEach(item -> all.add(item.textValue())));
        return Set.copyOf(all);
    }

    private static Map<String, JsonNode> fields(JsonNode object) {
        return object.propertyStream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
