package dev.reverie.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.reverie.gpu.dataset.SoftLabels;
import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The outcome of a classification")
class ClassifyOutcomeTest {

    private final ClassifyOutcome seen =
            new ClassifyOutcome(List.of(List.of(0.0, Math.log(3), 0.0), List.of(2000.0, 0.0, 0.0)));

    @Test
    @DisplayName("has the most probable class, and a finite loss for any other class")
    void labelAndLoss() {
        assertThat(seen.label(0)).isEqualTo(1);
        assertThat(seen.loss(0, 1)).isCloseTo(Math.log(5.0 / 3), offset(1e-12));
        assertThat(seen.loss(1, 0)).isZero();
        assertThat(seen.loss(1, 2)).isEqualTo(2000);
    }

    @Test
    @DisplayName("has a distribution over the classes that is flatter at a higher temperature")
    void softLabels() {
        SoftLabels labels = seen.softLabels(1);
        SoftLabels warm = seen.softLabels(2);

        assertThat(labels.of(0)).containsExactly(new double[] {0.2, 0.6, 0.2}, offset(1e-7));
        assertThat(labels.of(1)).containsExactly(1, 0, 0);
        double root = Math.sqrt(3);
        assertThat(warm.of(0)[1]).isCloseTo(root / (2 + root), offset(1e-7));
    }
}
