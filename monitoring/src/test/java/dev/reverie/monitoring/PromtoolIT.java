package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Promtool")
class PromtoolIT {

    @Test
    @DisplayName("finds no fault with the metrics of a run")
    void run() throws Exception {
        MetricsExposition exposition = new MetricsExposition();
        DistillationMetrics metrics = new DistillationMetrics(exposition.registry(), InstantSource.system());
        metrics.on(Events.started());
        Events.twoClassesJoin().forEach(metrics::on);
        Events.innerLoop(0, 0).forEach(metrics::on);

        requireAccepted(Scrape.text(exposition));
    }

    private static void requireAccepted(String exposition) throws Exception {
        assertThat(Promtool.run(exposition, "check", "metrics")).isEqualTo(new Promtool.Result(0, ""));
    }
}
