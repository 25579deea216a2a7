package dev.reverie.gpu.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The progress of an evaluation")
class EvaluationProgressTest {

    private final List<String> told = new ArrayList<>();
    private final AtomicBoolean requested = new AtomicBoolean();

    private final EvaluationProgress recorder = new EvaluationProgress() {
        @Override
        public void epoch(int repeat, int epoch, int epochs, double loss) {
            told.add("epoch " + epoch);
        }

        @Override
        public void step() {
            told.add("step");
            requested.set(told.contains("epoch 1"));
        }
    };

    @Test
    @DisplayName("tells the step during which the end is requested, and then ends the evaluation")
    void stops() {
        EvaluationProgress progress = recorder.stoppedBy(requested::get, CancellationException::new);
        progress.step();
        progress.epoch(0, 1, 2, 0.5);

        assertThatThrownBy(progress::step).isInstanceOf(CancellationException.class);
        assertThat(told).containsExactly("step", "epoch 1", "step");
    }
}
