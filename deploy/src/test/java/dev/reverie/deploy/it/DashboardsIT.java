package dev.reverie.deploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reverie.actors.FreePorts;
import dev.reverie.actors.store.PostgresServer;
import dev.reverie.client.ReverieClient;
import dev.reverie.deploy.GrafanaDashboards;
import dev.reverie.deploy.RandomSamples;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A Prometheus server that scrapes a learning service and a node of a cluster")
@Timeout(300)
class DashboardsIT {

    private static final long PAUSE_NS = 10_000_000;

    private static final Pattern ADDRESS = Pattern.compile("listening on (\\S+)\\R");
    private static final List<String> LABELS = List.of("even", "odd");
    /** Prefix of the metrics that have no data here, because the processes of this test compute on the CPU. */
    private static final String OF_GPUS = "reverie_gpu_";

    private static final int ENOUGH = 128;
    private static final int SOME = 8;
    /**
     * Settings that fill every panel: the method chooses representatives and trains networks, no class converges, and
     * the memory is evaluated early.
     */
    private static final String CONFIGURATION = """
            reverie.learning { method = dream, convergence.patience = 10000 }
            reverie.evaluation { interval = 1 s, test-share = 0.5, min-images = 1, steps = 1 }
            """;

    /** The values that Grafana substitutes if everything is selected. */
    private static final Map<String, String> VARIABLES =
            Map.of("$instance", ".*", "${class:regex}", ".*", "$__rate_interval", "1m", "$__range", "1h");

    @TempDir
    private Path folder = Path.of("");

    @Test
    @DisplayName("has data for every query of every dashboard, except of GPUs, and can evaluate every rule")
    void everyPanel() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (PostgresServer server = PostgresServer.startedIn(Files.createDirectory(folder.resolve("postgres")));
                ReverieProcess service = start("service", CONFIGURATION);
                ReverieProcess node = start("node", cluster(server.newDatabase()))) {
            URI address = URI.create(service.awaitLine(ADDRESS));
            List<URI> addresses = List.of(address, URI.create(node.awaitLine(ADDRESS)));
            try (ReverieClient client = ReverieClient.builder(address).build();
                    PrometheusProcess prometheus = PrometheusProcess.scraping(addresses, folder)) {
                ServiceState.awaitReady(client);
                client.deliver(RandomSamples.of(0, ENOUGH, LABELS));
                NewImages.deliverUntil(client, number -> RandomSamples.of(number, SOME, LABELS), any -> true);

                for (GrafanaDashboards.Panel panel : GrafanaDashboards.panels()) {
                    for (String query : panel.queries()) {
                        if (query.contains(OF_GPUS)) {
                            assertThat(prometheus.series(substituted(query))).isZero();
                        } else {
                            awaitSeries(prometheus, substituted(query), panel.title());
                        }
                    }
                }
                awaitRules(prometheus);
            }
        }
    }

    private ReverieProcess start(String name, String configuration) throws Exception {
        Path file = Files.writeString(folder.resolve(name + ".conf"), configuration);
        return ReverieProcess.start(
                folder,
                List.of(
                        "serve",
                        "--config",
                        file.toString(),
                        "--store",
                        folder.resolve(name).toString(),
                        "--port",
                        "0"));
    }

    /** The configuration of the only node of a cluster. */
    private static String cluster(String database) {
        return """
                reverie.cluster { enabled = true, members = 1, port = %1$d, seeds = ["127.0.0.1:%1$d"] }
                reverie.store.postgres { url = "%2$s", user = %3$s }
                """.formatted(FreePorts.next(), database, PostgresServer.USER);
    }

    private static String substituted(String query) {
        String result = query;
        for (Map.Entry<String, String> variable : VARIABLES.entrySet()) {
            result = result.replace(variable.getKey(), variable.getValue());
        }
        assertThat(result).doesNotContain("$");
        return result;
    }

    private static void awaitSeries(PrometheusProcess prometheus, String query, String panel) throws Exception {
        try {
            while (prometheus.series(query) == 0) {
                LockSupport.parkNanos(PAUSE_NS);
            }
        } catch (InterruptedException tooLong) {
            throw new AssertionError(panel + " has nothing to draw: " + query, tooLong);
        }
    }

    private static void awaitRules(PrometheusProcess prometheus) throws Exception {
        while (true) {
            List<JsonNode> rules = prometheus
                    .ruleGroups()
                    .valueStream()
                    .flatMap(group -> group.get("rules").valueStream())
                    .toList();
            assertThat(rules).isNotEmpty().allSatisfy(rule -> assertThat(
                            rule.path("lastError").asText())
                    .isEmpty());
            if (rules.stream().allMatch(rule -> rule.get("health").asText().equals("ok"))) {
                return;
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }
}
