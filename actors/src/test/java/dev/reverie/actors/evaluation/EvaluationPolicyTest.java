package dev.reverie.actors.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.Normalisation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The policy of an evaluation")
class EvaluationPolicyTest {

    private static final int SIZE = Samples.SHAPE.size();

    @Test
    @DisplayName("leaves the bytes besides the decoded images to test images, whatever the memory stores")
    void capacity() {
        DistilledSet memory = new DistilledSet(
                ImageBatch.of(Samples.SHAPE, new byte[8 * SIZE]),
                List.of(0, 0, 0, 0, 1, 1, 1, 1),
                ImageBatch.of(Samples.SHAPE, new byte[2 * SIZE]),
                List.of(0, 1),
                2,
                Normalisation.neutral(Samples.SHAPE),
                ClassList.of(List.of("cat", "dog")));

        assertThat(limitedTo(11L * SIZE).capacity(memory)).isEqualTo(3);
        assertThat(limitedTo(9L * SIZE - 1).capacity(memory)).isZero();
    }

    private static EvaluationPolicy limitedTo(long maxBytes) {
        return new EvaluationPolicy(Duration.ofMinutes(10), 0.5, 1, 100, maxBytes, 1, new ScriptedTrainer());
    }
}
