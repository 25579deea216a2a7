package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassJoined;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassMatched;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassSkipped;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.actors.telemetry.TelemetryEvent.RunEnded;
import dev.reverie.actors.telemetry.TelemetryEvent.Warning;
import dev.reverie.actors.telemetry.TelemetryEvent.WorkerRestarted;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The metrics of a distillation")
class DistillationMetricsTest {

    private final MetricsExposition exposition = new MetricsExposition();
    private final DistillationMetrics metrics = new DistillationMetrics(exposition.registry(), InstantSource.system());

    @Test
    @DisplayName("show the matching loss of each class under its name")
    void matchLoss() {
        given(Events.started());
        given(Events.twoClassesJoin());
        given(Events.innerLoop(0, 0));

        assertThat(Scrape.text(exposition))
                .contains("reverie_match_loss{class=\"Bag\"} 1.5", "reverie_match_loss{class=\"Coat\"} 2.5");
    }

    @Test
    @DisplayName("count inner loops, and an outer iteration when its last inner loop ends")
    void loops() {
        given(Events.started());
        given(Events.innerLoop(0, 0));
        assertThat(Scrape.text(exposition))
                .contains("reverie_inner_loops_total 1.0", "reverie_outer_iterations_total 0.0");

        given(Events.innerLoop(0, 1));
        assertThat(Scrape.text(exposition))
                .contains("reverie_inner_loops_total 2.0", "reverie_outer_iterations_total 1.0");

        given(Events.innerLoop(1, 0));
        given(new RunEnded(Ending.INTERRUPTED, 1, 1, 1));
        assertThat(Scrape.text(exposition))
                .contains("reverie_inner_loops_total 3.0", "reverie_outer_iterations_total 1.0");
    }

    @Test
    @DisplayName("count the last outer iteration of a run once")
    void loopsOfCompletedRun() {
        given(Events.started());
        given(Events.innerLoop(0, 0));
        given(Events.innerLoop(0, 1));

        given(new RunEnded(Ending.COMPLETED, 1, 0, 1));

        assertThat(Scrape.text(exposition))
                .contains("reverie_inner_loops_total 2.0", "reverie_outer_iterations_total 1.0");
    }

    @Test
    @DisplayName("time class steps and refreshes in seconds")
    void durations() {
        given(Events.started());
        given(Events.innerLoop(0, 0));

        assertThat(Scrape.text(exposition))
                .contains(
                        "# TYPE reverie_match_step_duration_seconds histogram",
                        "reverie_match_step_duration_seconds_count 2",
                        "reverie_match_step_duration_seconds_sum 0.25",
                        "# TYPE reverie_cluster_refresh_duration_seconds histogram",
                        "reverie_cluster_refresh_duration_seconds_sum 0.25",
                        "reverie_network_train_duration_seconds_sum 0.25",
                        "reverie_checkpoint_duration_seconds_sum 0.0625");
    }

    @Test
    @DisplayName("show the utilisation of the worker, and 0 after the run")
    void busy() {
        given(Events.started());
        given(Events.innerLoop(0, 0));
        assertThat(Scrape.text(exposition)).contains("reverie_worker_busy_ratio 0.75");

        given(new RunEnded(Ending.COMPLETED, 0, 1, 1));
        assertThat(Scrape.text(exposition)).contains("reverie_worker_busy_ratio 0.0");
    }

    @Test
    @DisplayName("show the stored images and the phase of each class")
    void memory() {
        given(Events.started());
        given(Events.twoClassesJoin());

        assertThat(Scrape.text(exposition))
                .contains(
                        "reverie_memory_images 20.0",
                        "reverie_class_phase_classes{phase=\"collecting\"} 1.0",
                        "reverie_class_phase_classes{phase=\"distilling\"} 1.0");
    }

    @Test
    @DisplayName("count failures")
    void failures() {
        given(Events.started());
        given(new ClassSkipped(1, 0, 0, "not finite"));
        given(new WorkerRestarted("not finite"));
        given(new Warning("few images"));

        assertThat(Scrape.text(exposition))
                .contains(
                        "reverie_match_skipped_total 1.0",
                        "reverie_worker_restarts_total 1.0",
                        "reverie_warnings_total 1.0");
    }

    @Test
    @DisplayName("show the progress of each class")
    void indicators() {
        given(Events.started());
        given(Events.twoClassesJoin());
        given(Events.innerLoop(0, 0));

        assertThat(Scrape.text(exposition))
                .contains(
                        "reverie_synthetic_change_ratio{class=\"Bag\"} 0.25",
                        "reverie_representatives_migration_ratio{class=\"Bag\"} 0.75",
                        "reverie_representatives_mmd_ratio{class=\"Bag\"} 0.375",
                        "reverie_synthetic_change_ratio{class=\"Coat\"} 0.125",
                        "reverie_reservoir_samples{class=\"Coat\"} 500.0")
                .doesNotContain("reverie_representatives_mmd_ratio{class=\"Coat\"}");
    }

    @Test
    @DisplayName("combine all classes except the 100 with the largest losses under one label")
    void boundedSeries() {
        for (int label = 0; label < 101; label++) {
            given(new ClassJoined(label, "class " + label, 10, 1));
            given(new ClassMatched(label, 0, 0, 1 + label, List.of(1.0 + label), 0.01, 0.1));
        }

        assertThat(Scrape.text(exposition))
                .contains("reverie_match_loss{class=\"class 100\"} 101.0", "reverie_match_loss{class=\" others\"} 1.0")
                .doesNotContain("class=\"class 0\"");
    }

    private void given(TelemetryEvent event) {
        metrics.on(event);
    }

    private void given(List<TelemetryEvent> events) {
        events.forEach(metrics::on);
    }
}
