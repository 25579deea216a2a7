package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.reverie.monitoring.IngestMetrics.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Skipped where promtool is missing, unless the environment says {@code REVERIE_TEST_PROGRAMS=required}. */
@DisplayName("Prometheus's own linter")
class PromtoolIT {

    @Test
    @DisplayName("finds nothing to say about the metrics of a run")
    void run() throws Exception {
        try (MetricsServer server = MetricsServer.start(0)) {
            DistillationMetrics metrics = new DistillationMetrics(server.registry(), InstantSource.system());
            metrics.on(Events.started());
            Events.twoClassesJoin().forEach(metrics::on);
            Events.innerLoop(0, 0).forEach(metrics::on);

            requireAccepted(Scrape.of(server, "/metrics", Scrape.TEXT).body());
        }
    }

    @Test
    @DisplayName("finds nothing to say about the metrics of a service, be it empty or not")
    void service() throws Exception {
        for (ServiceSnapshot snapshot : List.of(ServiceSnapshot.EMPTY, Snapshots.ofThreeClasses())) {
            Exposition metrics = new Exposition();
            LearningMetrics learning = new LearningMetrics(metrics.registry(), InstantSource.system());
            Events.innerLoop(0, 0).forEach(learning::on);
            new IngestMetrics(metrics.registry()).refused(Source.HTTP, "image-invalid", 1);
            MemoryMetrics.register(metrics.registry(), () -> snapshot, 2);

            requireAccepted(new String(metrics.page(Optional.empty()).content(), StandardCharsets.UTF_8));
        }
    }

    private static void requireAccepted(String exposition) throws IOException, InterruptedException {
        Process promtool = promtool();
        promtool.getOutputStream().write(exposition.getBytes(StandardCharsets.UTF_8));
        promtool.getOutputStream().close();
        String verdict = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(verdict).isEmpty();
        assertThat(promtool.waitFor()).isZero();
    }

    private static Process promtool() {
        try {
            return new ProcessBuilder("promtool", "check", "metrics")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            String reason = "this test needs promtool: install the Debian package prometheus";
            return "required".equals(System.getenv("REVERIE_TEST_PROGRAMS"))
                    ? fail(reason, e)
                    : Assumptions.abort(reason);
        }
    }
}
