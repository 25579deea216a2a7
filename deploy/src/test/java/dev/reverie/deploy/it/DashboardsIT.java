package dev.reverie.deploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reverie.client.ReverieClient;
import dev.reverie.deploy.GrafanaDashboards;
import dev.reverie.deploy.RandomSamples;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A Prometheus server that scrapes a learning service")
@Timeout(300)
class DashboardsIT {

    private static final Pattern ADDRESS = Pattern.compile("listening on (\\S+)\\R");
    private static final List<String> LABELS = List.of("even", "odd");
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
            Map.of("$instance", ".*", "$class", ".*", "$__rate_interval", "1m", "$__range", "1h");

    @TempDir
    private Path folder = Path.of("");

    @Test
    @DisplayName("has data for every query of every dashboard and can evaluate every rule")
    void everyPanel() throws Exception {
        Path configuration = Files.writeString(folder.resolve("service.conf"), CONFIGURATION);
        List<String> arguments = List.of(
                "serve",
                "--config",
                configuration.toString(),
                "--store",
                folder.resolve("store").toString(),
                "--port",
                "0");
        try (ReverieProcess service = ReverieProcess.start(folder, arguments)) {
            URI address = URI.create(service.awaitLine(ADDRESS));
            try (ReverieClient client = ReverieClient.builder(address).build();
                    PrometheusProcess prometheus = PrometheusProcess.scraping(address, folder)) {
                awaitReady(client);
                client.deliver(RandomSamples.of(0, ENOUGH, LABELS));
                NewImages.deliverUntil(client, number -> RandomSamples.of(number, SOME, LABELS), any -> true);

                for (GrafanaDashboards.Panel panel : GrafanaDashboards.panels()) {
                    for (String query : panel.queries()) {
                        awaitSeries(prometheus, substituted(query), panel.title());
                    }
                }
                awaitRules(prometheus);
            }
        }
    }

    private static String substituted(String query) {
        String result = query;
        for (Map.Entry<String, String> variable : VARIABLES.entrySet()) {
            result = result.replace(variable.getKey(), variable.getValue());
        }
        assertThat(result).doesNotContain("$");
        return result;
    }

    private static void awaitReady(ReverieClient client) throws Exception {
        while (!client.isReady()) {
            Thread.onSpinWait();
        }
    }

    private static void awaitSeries(PrometheusProcess prometheus, String query, String panel) throws Exception {
        try {
            while (prometheus.series(query) == 0) {
                Thread.onSpinWait();
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
        }
    }
}
