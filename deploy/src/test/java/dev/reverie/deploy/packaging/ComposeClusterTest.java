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
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

@DisplayName("The Compose file of a cluster")
class ComposeClusterTest {

    private static final Path FOLDER = Path.of("compose", "cluster");

    /** The file with its anchors and merges resolved, which Jackson does not do. */
    private final JsonNode file = new JsonMapper()
            .valueToTree(new Yaml(new SafeConstructor(new LoaderOptions()))
                    .<Map<String, Object>>load(Files.readString(FOLDER.resolve("compose.yaml"))));

    private final Map<String, JsonNode> services = fields(file.get("services"));

    ComposeClusterTest() throws IOException {}

    @Test
    @DisplayName("runs three nodes whose settings are valid and agree, each under its own name")
    void nodes() {
        Map<String, ClusterSettings> nodes = services.entrySet().stream()
                .filter(service -> service.getKey().startsWith("node-"))
                .collect(Collectors.toMap(Map.Entry::getKey, service -> settings(service.getValue())));

        assertThat(nodes).hasSize(3).allSatisfy((name, node) -> {
            assertThat(node.host()).isEqualTo(name);
            assertThat(node.members()).isEqualTo(nodes.size());
            assertThat(node.tls()).isPresent();
        });
        List<String> addresses =
                nodes.values().stream().map(ClusterSettings::address).sorted().toList();
        assertThat(nodes.values()).map(ClusterSettings::seeds).containsOnly(addresses);
    }

    private static ClusterSettings settings(JsonNode service) {
        Map<String, String> environment = new HashMap<>();
        fields(service.get("environment")).forEach((name, value) -> environment.put(name, value.textValue()));
        return ServiceConfig.load(Optional.empty(), environment, Map.of())
                .cluster()
                .orElseThrow();
    }

    @Test
    @DisplayName("uses exactly the networks, volumes, secrets and services that it defines")
    void references() {
        assertThat(valuesOf("networks")).isEqualTo(fields(file.get("networks")).keySet());
        assertThat(valuesOf("secrets")).isEqualTo(fields(file.get("secrets")).keySet());
        assertThat(valuesOf("volumes")).containsExactly("postgres:/var/lib/postgresql/data");
        assertThat(fields(file.get("volumes"))).containsOnlyKeys("postgres");
        services.values().forEach(service -> assertThat(services.keySet())
                .containsAll(fields(service.path("depends_on")).keySet()));
    }

    @Test
    @DisplayName("gives every service a health check, limits and no privileges, and binds ports to localhost only")
    void everyService() {
        assertThat(services).allSatisfy((name, service) -> {
            assertThat(service.at("/healthcheck/test").isEmpty()).isFalse();
            assertThat(service.at("/deploy/resources/limits").has("memory")).isTrue();
            assertThat(service.get("image").textValue()).matches("\\S+:v?\\d+\\.\\d+\\.?\\d*(-\\S+)?");
            assertThat(service.get("security_opt").toString()).contains("no-new-privileges:true");
        });
        assertThat(valuesOf("ports")).hasSize(3).allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    @Test
    @DisplayName("contains no secrets, mounts those of its settings, and names each in the example environment")
    void secrets() throws IOException {
        Map<String, String> example = ComposeTest.example(FOLDER);

        fields(file.get("secrets")).forEach((name, secret) -> {
            String variable = secret.get("file").textValue().replaceAll("^\\$\\{(\\w+):\\?.*", "$1");
            assertThat(example.get(variable)).as(name).startsWith("./secrets/");
        });
        services.values().forEach(service -> fields(service.path("environment")).forEach((name, value) -> {
            if (name.matches(".*(PASSWORD|TOKEN|TLS).*")) {
                String path = value.textValue();
                assertThat(path).startsWith("/run/secrets/");
                assertThat(service.get("secrets").valueStream().map(JsonNode::textValue))
                        .contains(path.substring("/run/secrets/".length()));
            }
        }));
    }

    private Set<String> valuesOf(String key) {
        Set<String> all = new TreeSet<>();
        services.values().forEach(service -> service.path(key).forEach(item -> all.add(item.textValue())));
        return all;
    }

    private static Map<String, JsonNode> fields(JsonNode object) {
        return object.propertyStream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
