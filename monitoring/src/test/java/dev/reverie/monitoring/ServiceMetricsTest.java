package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.telemetry.TelemetryEvent.ClassMatched;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.gpu.method.Method;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The metrics of a service")
class ServiceMetricsTest {

    private static final InstantSource NOW = InstantSource.system();

    private final MetricsExposition metrics = new MetricsExposition();

    @Test
    @DisplayName("show the memory, and what is known of the reservoir, the phase and the progress of each class")
    void memory() {
        MemoryMetrics.register(metrics.registry(), Snapshots::ofThreeClasses, 100, NOW);

        assertThat(Scrape.text(metrics))
                .contains(
                        "reverie_memory_images 30.0",
                        "reverie_store_damaged_classes 2.0",
                        "reverie_class_phase_classes{phase=\"collecting\"} 1.0",
                        "reverie_class_phase_classes{phase=\"converged\"} 1.0",
                        "reverie_class_phase_classes{phase=\"sealed\"} 0.0",
                        "reverie_class_in_phase{class=\"cat\",phase=\"distilling\"} 1.0",
                        "reverie_match_loss{class=\"dog\"} 2.5",
                        "reverie_reservoir_samples{class=\"a \\\"bird\\\"\"} 5.0",
                        "reverie_reservoir_seen_samples_total{class=\"cat\"} 700.0",
                        "reverie_synthetic_images{class=\"cat\"} 10.0",
                        "reverie_synthetic_coded_bytes{class=\"cat\"} 700.0",
                        "reverie_synthetic_updated_timestamp_seconds{class=\"cat\"} 50.0",
                        "reverie_representatives_updated_timestamp_seconds{class=\"cat\"} 30.0",
                        "reverie_representatives_migration_ratio{class=\"cat\"} 0.25",
                        "reverie_synthetic_change_ratio{class=\"dog\"} 0.125",
                        "reverie_store_bytes 4096.0")
                .doesNotContain(
                        "reverie_match_loss{class=\"a ",
                        "reverie_synthetic_coded_bytes{class=\"a ",
                        "reverie_representatives_updated_timestamp_seconds{class=\"dog\"}",
                        "reverie_representatives_mmd_ratio{");
    }

    @Test
    @DisplayName("show the classes with the largest losses one by one, and the others together")
    void boundedSeries() {
        MemoryMetrics.register(metrics.registry(), Snapshots::ofThreeClasses, 1, NOW);

        assertThat(Scrape.text(metrics))
                .contains(
                        "reverie_reservoir_seen_samples_total{class=\"dog\"} 800.0",
                        "reverie_reservoir_seen_samples_total{class=\" others\"} 709.0",
                        "reverie_match_loss{class=\" others\"} 1.5",
                        "reverie_synthetic_coded_bytes{class=\" others\"} 700.0",
                        "reverie_class_in_phase{class=\" others\",phase=\"collecting\"} 1.0",
                        "reverie_synthetic_updated_timestamp_seconds{class=\" others\"} 50.0",
                        "reverie_class_last_arrival_timestamp_seconds{class=\" others\"} 53.0",
                        "reverie_representatives_migration_ratio{class=\" others\"} 0.25",
                        "reverie_memory_images 30.0")
                .doesNotContain("cat");
    }

    @Test
    @DisplayName("drop the series of a forgotten class")
    void forgotten() {
        AtomicReference<MemorySnapshot> now = new AtomicReference<>(Snapshots.ofThreeClasses());
        MemoryMetrics.register(metrics.registry(), now::get, 100, NOW);
        assertThat(Scrape.text(metrics)).contains("class=\"cat\"");

        now.set(MemorySnapshot.EMPTY);

        assertThat(Scrape.text(metrics)).doesNotContain("class=\"cat\"").contains("reverie_memory_images 0.0");
    }

    @Test
    @DisplayName("include those of learning and of the JVM")
    void learning() {
        LearningMetrics learning = new LearningMetrics(metrics.registry(), InstantSource.system());
        Events.innerLoop(0, 0).forEach(learning::on);

        assertThat(Scrape.text(metrics))
                .contains(
                        "reverie_inner_loops_total 1.0",
                        "reverie_match_step_duration_seconds_count 2",
                        "reverie_worker_busy_ratio 0.75",
                        "jvm_memory_used_bytes");
    }

    @Test
    @DisplayName("show the share of each network block in the matching distance, as the mean of a loop")
    void blocks() {
        LearningMetrics learning = new LearningMetrics(metrics.registry(), NOW);

        Events.innerLoop(0, 0).forEach(learning::on);

        assertThat(Scrape.text(metrics))
                .contains(
                        "reverie_match_block_distance{block=\"1\"} 1.5",
                        "reverie_match_block_distance{block=\"2\"} 0.5");
    }

    @Test
    @DisplayName("show the share of each network block if the networks of a loop have different numbers of blocks")
    void blocksOfSeveralArchitectures() {
        LearningMetrics learning = new LearningMetrics(metrics.registry(), NOW);

        learning.on(new ClassMatched(0, 0, 0, 3, List.of(1.0, 2.0), 0.25, 0.125));
        learning.on(new ClassMatched(1, 0, 0, 6, List.of(0.0, 0.0, 6.0), 0.25, 0.125));
        learning.on(new ClassMatched(2, 0, 0, 4, List.of(2.0, 2.0), 0.25, 0.125));
        learning.on(new InnerLoopCompleted(0, 0, 13, 2.25, 1.0, 0.75, 1.0));

        assertThat(Scrape.text(metrics))
                .contains(
                        "reverie_match_block_distance{block=\"1\"} 1.0",
                        "reverie_match_block_distance{block=\"2\"} 1.3333333333333333",
                        "reverie_match_block_distance{block=\"3\"} 2.0");
    }

    @Test
    @DisplayName("omit steps of an aborted loop from the next mean, and blocks that no longer exist")
    void abortedLoop() {
        LearningMetrics learning = new LearningMetrics(metrics.registry(), NOW);
        Events.innerLoop(0, 0).forEach(learning::on);

        learning.on(new ClassMatched(0, 0, 1, 700, List.of(700.0), 0.25, 0.125));
        learning.on(new ClassMatched(0, 0, 2, 7, List.of(7.0), 0.25, 0.125));
        learning.on(new InnerLoopCompleted(0, 2, 7, 2.25, 1.0, 0.75, 1.0));

        assertThat(Scrape.text(metrics))
                .contains("reverie_match_block_distance{block=\"1\"} 7.0")
                .doesNotContain("reverie_match_block_distance{block=\"2\"}");
    }

    @Test
    @DisplayName("show the distillation method")
    void method() {
        LearningMetrics learning = new LearningMetrics(metrics.registry(), NOW);

        learning.on(Events.learning(Method.DREAM));

        assertThat(Scrape.text(metrics)).contains("reverie_learning_info{method=\"dream\"} 1.0");
    }

    @Test
    @DisplayName("show a worker as idle if no loop has ended for a while")
    void idle() {
        AtomicReference<Instant> time = new AtomicReference<>(Instant.EPOCH);
        LearningMetrics learning = new LearningMetrics(metrics.registry(), time::get);
        Events.innerLoop(0, 0).forEach(learning::on);
        assertThat(Scrape.text(metrics)).contains("reverie_worker_busy_ratio 0.75");

        time.set(Instant.EPOCH.plus(LearningMetrics.GRACE_PERIOD.multipliedBy(2)));

        assertThat(Scrape.text(metrics)).contains("reverie_worker_busy_ratio 0.0");
    }
}
