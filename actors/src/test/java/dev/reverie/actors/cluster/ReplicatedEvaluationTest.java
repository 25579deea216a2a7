package dev.reverie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.cluster.ReplicatedEvaluation.ClassResult;
import dev.reverie.actors.telemetry.TelemetryEvent.MemoryEvaluated;
import dev.reverie.actors.telemetry.TelemetryEvent.MemoryEvaluated.ClassAccuracy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An evaluation that the nodes of a cluster share")
class ReplicatedEvaluationTest {

    private final ReplicatedEvaluation evaluation = new ReplicatedEvaluation(
            Instant.EPOCH,
            Instant.EPOCH.plusSeconds(2),
            List.of(new ClassResult(0, 20, 0.75), new ClassResult(2, 5, 1)),
            3,
            1.5);

    @Test
    @DisplayName("is told to a node under the names of its classes")
    void named() {
        assertThat(evaluation.toEvent(Map.of(0, "cat", 1, "cow", 2, "dog"), true))
                .isEqualTo(new MemoryEvaluated(
                        Instant.EPOCH,
                        Instant.EPOCH.plusSeconds(2),
                        List.of(new ClassAccuracy(0, "cat", 20, 0.75), new ClassAccuracy(2, "dog", 5, 1)),
                        3,
                        OptionalDouble.of(1.5)));
    }

    @Test
    @DisplayName("counts a class that was tested and then forgotten neither as tested nor as untested")
    void forgotten() {
        MemoryEvaluated event = evaluation.toEvent(Map.of(0, "cat", 1, "cow"), false);

        assertThat(event.accuracies()).containsExactly(new ClassAccuracy(0, "cat", 20, 0.75));
        assertThat(event.memoryClasses()).isEqualTo(2);
        assertThat(event.seconds()).isEmpty();
    }
}
