package dev.reverie.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reverie.actors.cluster.ClusterSettings;
import dev.reverie.actors.cluster.ClusterSettings.ClusterTls;
import dev.reverie.actors.cluster.NodeCertificate;
import dev.reverie.deploy.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The settings of a cluster")
class ClusterConfigTest {

    private static final Map<String, String> NODE = Map.of(
            "REVERIE_STORE_POSTGRES_URL", "jdbc:postgresql://db/reverie",
            "REVERIE_CLUSTER_ENABLED", "true",
            "REVERIE_CLUSTER_SEEDS", "127.0.0.1:17355, 127.0.0.1:17356",
            "REVERIE_CLUSTER_MEMBERS", "3");

    private final Path folder;

    ClusterConfigTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @DisplayName("are none by default, so that a service is a single process")
    void alone() {
        assertThat(load(Map.of()).cluster()).isEmpty();
        assertThat(load(Map.of("REVERIE_CLUSTER_SEEDS", "far:1")).cluster()).isEmpty();
    }

    @Test
    @DisplayName("are read from environment variables, with commas between the seeds")
    void environment() {
        assertThat(load(NODE).cluster())
                .contains(new ClusterSettings(
                        "127.0.0.1",
                        17355,
                        Optional.empty(),
                        List.of("127.0.0.1:17355", "127.0.0.1:17356"),
                        3,
                        Optional.empty()));
    }

    @Test
    @DisplayName("are read from a file, with a list of seeds")
    void file() throws IOException {
        Path file = Files.writeString(folder.resolve("my.conf"), """
            reverie {
              store.postgres.url = "jdbc:postgresql://db/reverie"
              cluster {
                enabled = true
                host = node-1
                port = 4000
                bind-host = 10.0.0.7
                seeds = ["node-0:4000", "node-1:4000"]
                members = 5
                tls { certificate = c.pem, key = k.pem, authority = a.pem }
              }
            }
            """);

        assertThat(ServiceConfig.load(Optional.of(file), Map.of(), Map.of()).cluster())
                .contains(new ClusterSettings(
                        "node-1",
                        4000,
                        Optional.of("10.0.0.7"),
                        List.of("node-0:4000", "node-1:4000"),
                        5,
                        Optional.of(new ClusterTls(Path.of("c.pem"), Path.of("k.pem"), Path.of("a.pem")))));
    }

    @Test
    @DisplayName("have no empty seed, be they a list or separated by commas")
    void emptySeeds() throws IOException {
        Map<String, String> environment = new HashMap<>(NODE);
        environment.remove("REVERIE_CLUSTER_SEEDS");
        Path file =
                Files.writeString(folder.resolve("my.conf"), "reverie.cluster.seeds = [\" 127.0.0.1:17355 \", \"\"]");

        ServiceConfig listed = ServiceConfig.load(Optional.of(file), environment, Map.of());
        environment.put("REVERIE_CLUSTER_SEEDS", "127.0.0.1:17355,");
        ServiceConfig separated = load(environment);

        assertThat(listed.cluster())
                .isEqualTo(separated.cluster())
                .hasValueSatisfying(cluster -> assertThat(cluster.seeds()).containsExactly("127.0.0.1:17355"));
    }

    @Test
    @DisplayName("come with the settings that all nodes must agree on: those that decide what is learned and stored")
    void agreement() {
        assertThat(load(Map.of("REVERIE_LEARNING_METHOD", "idc")).agreement())
                .containsEntry("reverie.learning.method", "idc")
                .containsKeys(
                        "reverie.memory.coding",
                        "reverie.ingest.resize",
                        "reverie.limits.images-per-class",
                        "reverie.watch.folder")
                .doesNotContainKeys("reverie.http.port", "reverie.cluster.host", "reverie.store.postgres.password");
    }

    @Nested
    @DisplayName("are rejected")
    class Refused {

        @ParameterizedTest(name = "{0}")
        @CsvSource(
                delimiter = '|',
                value = {
                    // nodes cannot share an embedded store
                    "REVERIE_STORE_POSTGRES_URL= | reverie.cluster.enabled is 'true' (environment variable"
                            + " REVERIE_CLUSTER_ENABLED): the nodes of a cluster share a store on a PostgreSQL server:"
                            + " set reverie.store.postgres.url",
                    "REVERIE_CLUSTER_SEEDS= | reverie.cluster.seeds is '' (environment variable"
                            + " REVERIE_CLUSTER_SEEDS): name one or more nodes as host:port, the same ones on every"
                            + " node",
                    "REVERIE_CLUSTER_MEMBERS=0 | reverie.cluster.members is '0' (environment variable"
                            + " REVERIE_CLUSTER_MEMBERS): set it to the number of nodes, the same one on every node",
                    // an address that other machines reach
                    "REVERIE_CLUSTER_HOST=node-1 | reverie.cluster: without TLS, whoever reaches node-1 could join the"
                            + " cluster: set tls.certificate, tls.key and tls.authority, or use only addresses like"
                            + " 127.0.0.1",
                    "REVERIE_CLUSTER_BIND_HOST=0.0.0.0 | reverie.cluster: without TLS, whoever reaches 0.0.0.0 could"
                            + " join the cluster: set tls.certificate, tls.key and tls.authority, or use only"
                            + " addresses like 127.0.0.1",
                    "REVERIE_HTTP_PORT=17355 | reverie.cluster.port is '17355' (default): choose another port than"
                            + " reverie.http.port",
                    "REVERIE_METRICS_PORT=17355 | reverie.metrics.port is '17355' (environment variable"
                            + " REVERIE_METRICS_PORT): choose another port than reverie.cluster.port",
                })
        @DisplayName("with the mistake and what to do")
        void wrongly(String variable, String problem) {
            String[] parts = variable.split("=", -1);

            assertThat(problems(Map.of(parts[0], parts[1]))).containsExactly(problem);
        }

        @Test
        @DisplayName("with only some of the files for TLS")
        void incompleteTls() {
            assertThat(problems(Map.of("REVERIE_CLUSTER_TLS_KEY", "k.pem")))
                    .satisfiesExactly(
                            certificate -> assertThat(certificate).startsWith("reverie.cluster.tls.certificate is ''"),
                            authority -> assertThat(authority).startsWith("reverie.cluster.tls.authority is ''"));
        }

        @Test
        @DisplayName("with a section instead of a list of seeds")
        void wrongType() throws IOException {
            Path file = Files.writeString(folder.resolve("my.conf"), "reverie.cluster.seeds { a = 1 }");

            assertThat(catchThrowableOfType(
                                    ConfigurationException.class,
                                    () -> ServiceConfig.load(Optional.of(file), Map.of(), Map.of()))
                            .problems())
                    .containsExactly(
                            "reverie.cluster.seeds has the wrong type (" + file + ": 1): it must be a list of texts");
        }
    }

    @Nested
    @DisplayName("with files for TLS")
    class Tls {

        @Test
        @DisplayName("are accepted if the authority has issued the certificate of the key")
        void usable() {
            NodeCertificate node = NodeCertificate.in(folder, "node");

            assertThatCode(() -> ConfiguredFiles.requireNode(settings(node.files())))
                    .doesNotThrowAnyException();
        }

        @Test
        @DisplayName("are rejected if another authority has issued it, or if the key belongs to another certificate")
        void unrelated() {
            NodeCertificate one = NodeCertificate.in(folder, "one");
            NodeCertificate other = NodeCertificate.in(folder, "other");

            assertRefused(
                    one.files().certificate(), one.files().key(), other.files().authority(), "was not issued by");
            assertRefused(
                    one.files().certificate(), other.files().key(), one.files().authority(), "do not match");
        }

        @Test
        @DisplayName("are rejected if others may read the key, if a file is missing, or if Pekko cannot read the key")
        void unusable() throws Exception {
            NodeCertificate node = NodeCertificate.in(folder, "node");
            SelfSignedCertificate elliptic = SelfSignedCertificate.in(folder, "EC", "elliptic");

            assertRefused(elliptic.certificate(), elliptic.key(), elliptic.certificate(), "for an RSA key");
            Path nowhere = Path.of("nowhere");
            assertRefused(
                    node.files().certificate(),
                    node.files().key(),
                    nowhere,
                    "reverie.cluster.tls: nowhere cannot be read (there is no nowhere): name a readable file");
            Files.setPosixFilePermissions(node.files().key(), PosixFilePermissions.fromString("rw-r-----"));
            assertRefused(
                    node.files().certificate(),
                    node.files().key(),
                    node.files().authority(),
                    "is accessible to other users");
        }

        private ClusterSettings settings(ClusterTls files) {
            return new ClusterSettings(
                    "node-1", 17355, Optional.empty(), List.of("node-1:17355"), 3, Optional.of(files));
        }

        private void assertRefused(Path certificate, Path key, Path authority, String problem) {
            ClusterSettings settings = settings(new ClusterTls(certificate, key, authority));
            assertThat(catchThrowableOfType(ConfigurationException.class, () -> ConfiguredFiles.requireNode(settings))
                            .problems())
                    .singleElement()
                    .asString()
                    .contains(problem);
        }
    }

    private static ServiceConfig load(Map<String, String> environment) {
        return ServiceConfig.load(Optional.empty(), environment, Map.of());
    }

    private static List<String> problems(Map<String, String> changed) {
        Map<String, String> environment = new HashMap<>(NODE);
        environment.putAll(changed);
        return catchThrowableOfType(ConfigurationException.class, () -> load(environment))
                .problems();
    }
}
