package dev.reverie.deploy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.deploy.GrafanaDashboards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The reasons of deferred deliveries")
class DeferralReasonsTest {

    private static final Pattern SERIES =
            Pattern.compile("reverie_ingest_rejected_total\\{reason=\"([a-z-]+)\",source=\"http\"} 0\\.0");

    private static final Pattern QUERY =
            Pattern.compile("reverie_ingest_rejected_total\\{job=\"reverie\", reason=~\"([a-z|-]+)\"}");

    private static final Path ALERTS =
            GrafanaDashboards.MONITORING.resolve(Path.of("prometheus", "reverie-alerts.yml"));
    private static final List<String> LABELS = Stream.of(DeliveryOutcome.Cause.values())
            .map(DeliveryOutcome.Cause::label)
            .toList();

    private static final Path RUNBOOK = Path.of("..", "docs", "runbooks", "ReverieIngestDeferred.md");

    @Test
    @DisplayName("are those whose series exist from the start")
    void series() throws Exception {
        ServiceMetrics metrics = new ServiceMetrics(
                100, InstantSource.system(), new SteadyClock(InstantSource.system(), System::nanoTime));

        assertThat(reasons(SERIES, Scrape.text(metrics))).containsExactlyInAnyOrderElementsOf(LABELS);
    }

    @Test
    @DisplayName("are those that the alert and its runbook count")
    void alert() throws IOException {
        for (Path page : List.of(ALERTS, RUNBOOK)) {
            List<String> queries = reasons(QUERY, Files.readString(page));

            assertThat(queries).as(page.toString()).hasSize(1);
            assertThat(queries.getFirst().split("\\|")).as(page.toString()).containsExactlyInAnyOrderElementsOf(LABELS);
        }
    }

    private static List<String> reasons(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }
}
