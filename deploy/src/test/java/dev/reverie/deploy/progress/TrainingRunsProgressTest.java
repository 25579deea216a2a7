package dev.reverie.deploy.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.evaluate.EvaluationProgress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The progress of training runs")
class TrainingRunsProgressTest {

    private final RecordedView view = new RecordedView();
    private Instant now = Instant.EPOCH;

    @Test
    @DisplayName("is the share of the epochs of all networks if all runs are equally long")
    void equalRuns() {
        EvaluationProgress second = new TrainingRunsProgress(view, () -> now, 2, 2).of(1, "tile");

        now = now.plusSeconds(50);
        second.epoch(0, 5, 10, 0.25);
        second.epoch(1, 10, 10, 0.125);

        assertThat(view.fractions()).containsExactly(0.625, 1.0);
        assertThat(view.shown())
                .containsExactly(
                        "30s left, tile, network 1/2, epoch 5/10, loss 0.250",
                        "0s left, tile, network 2/2, epoch 10/10, loss 0.125");
    }

    @Test
    @DisplayName("counts each run by its work, so that the time left is right if the runs grow")
    void growingRuns() {
        TrainingRunsProgress progress = new TrainingRunsProgress(view, () -> now, List.of(100L, 300L), 2);

        now = now.plusSeconds(20);
        progress.of(0, "step 1").epoch(1, 1, 1, 0.5);
        now = now.plusSeconds(30);
        progress.of(1, "step 2").epoch(0, 1, 1, 0.5);

        assertThat(view.fractions()).containsExactly(0.25, 0.625);
        assertThat(view.shown())
                .containsExactly(
                        "1m 00s left, step 1, network 2/2, epoch 1/1, loss 0.500",
                        "30s left, step 2, network 1/2, epoch 1/1, loss 0.500");
    }
}
