package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.MemoryEvaluated;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The metrics of evaluations")
class EvaluationMetricsTest {

    private static final MemoryEvaluated OUTCOME = new MemoryEvaluated(
            Instant.ofEpochSecond(100),
            Instant.ofEpochSecond(130),
            List.of(
                    new MemoryEvaluated.ClassAccuracy(0, "cat", 100, 0.5),
                    new MemoryEvaluated.ClassAccuracy(3, "dog", 50, 1),
                    new MemoryEvaluated.ClassAccuracy(7, "bird", 50, 0)),
            12,
            OptionalDouble.of(2.5));

    private final MetricsExposition metrics = new MetricsExposition();
    private final EvaluationMetrics evaluation = new EvaluationMetrics(metrics.registry(), 2);

    @Test
    @DisplayName("show no accuracy before the first evaluation")
    void noEvaluation() {
        assertThat(Scrape.text(metrics))
                .doesNotContain("reverie_eval_accuracy_ratio ", "reverie_eval_class_accuracy_ratio{")
                .contains("reverie_eval_failures_total 0.0");
    }

    @Test
    @DisplayName("show the last accuracy, its settings and its time")
    void outcome() {
        evaluation.on(OUTCOME);

        assertThat(Scrape.text(metrics))
                .contains(
                        "reverie_eval_accuracy_ratio 0.5",
                        "reverie_eval_images 200.0",
                        "reverie_eval_classes 3.0",
                        "reverie_eval_untested_classes 9.0",
                        "reverie_eval_memory_timestamp_seconds 100.0",
                        "reverie_eval_updated_timestamp_seconds 130.0",
                        "reverie_eval_duration_seconds_count 1",
                        "reverie_eval_duration_seconds_sum 2.5");
    }

    @Test
    @DisplayName("show the accuracy that another node has measured, without its computing time")
    void ofAnotherNode() {
        evaluation.on(new MemoryEvaluated(
                OUTCOME.taken(),
                OUTCOME.ended(),
                OUTCOME.accuracies(),
                OUTCOME.memoryClasses(),
                OptionalDouble.empty()));

        assertThat(Scrape.text(metrics))
                .contains("reverie_eval_accuracy_ratio 0.5", "reverie_eval_duration_seconds_count 0");
    }

    @Test
    @DisplayName(
            "show the accuracy of each of the first evaluated classes, whatever their indices, and of the others together")
    void classes() {
        evaluation.on(OUTCOME);
        evaluation.on(new MemoryEvaluated(
                OUTCOME.taken(),
                OUTCOME.ended(),
                List.of(
                        new MemoryEvaluated.ClassAccuracy(3, "dog", 30, 0.75),
                        new MemoryEvaluated.ClassAccuracy(38_480, "cow", 30, 1),
                        new MemoryEvaluated.ClassAccuracy(38_481, "bird", 30, 0.75),
                        new MemoryEvaluated.ClassAccuracy(38_490, "fish", 10, 0.25)),
                4,
                OptionalDouble.of(1)));

        assertThat(Scrape.text(metrics))
                .contains(
                        "reverie_eval_class_accuracy_ratio{class=\"dog\"} 0.75",
                        "reverie_eval_class_accuracy_ratio{class=\"cow\"} 1.0",
                        "reverie_eval_class_accuracy_ratio{class=\" others\"} 0.5")
                .doesNotContain("cat", "fish");
    }

    @Test
    @DisplayName("drop the series of a forgotten class")
    void forgotten() {
        evaluation.on(OUTCOME);

        evaluation.on(new TelemetryEvent.ClassPhaseChanged(3, "dog", Optional.of(ClassPhase.SEALED)));
        assertThat(Scrape.text(metrics)).contains("class=\"dog\"");
        evaluation.on(new TelemetryEvent.ClassPhaseChanged(3, "dog", Optional.empty()));

        assertThat(Scrape.text(metrics)).contains("class=\"cat\"").doesNotContain("class=\"dog\"");
    }

    @Test
    @DisplayName("count failures, and keep the last accuracy")
    void failures() {
        evaluation.on(OUTCOME);
        evaluation.on(new TelemetryEvent.EvaluationFailed("no room on the device"));

        assertThat(Scrape.text(metrics)).contains("reverie_eval_failures_total 1.0", "reverie_eval_accuracy_ratio 0.5");
    }
}
