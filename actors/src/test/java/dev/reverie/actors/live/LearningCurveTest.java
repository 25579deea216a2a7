package dev.reverie.actors.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.clustering.Freshness;
import dev.reverie.actors.lifecycle.ClassPhase;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A class that learns")
class LearningCurveTest {

    private static final LivePolicy POLICY =
            new LivePolicy(4, 2, 0.01, 1.2, 10, new Freshness(10, Duration.ofMinutes(1), 0.2), Duration.ofMillis(200));

    private final LearningCurve curve = new LearningCurve(POLICY);

    @Test
    @DisplayName("has converged when its mean loss was not better for as many outer iterations as patience allows")
    void converges() {
        assertThat(iteration(ClassPhase.DISTILLING, 10, 12)).isEqualTo(ClassPhase.DISTILLING);
        assertThat(iteration(ClassPhase.DISTILLING, 8, 10)).isEqualTo(ClassPhase.DISTILLING);
        assertThat(iteration(ClassPhase.DISTILLING, 8.95, 8.95)).isEqualTo(ClassPhase.DISTILLING);
        assertThat(iteration(ClassPhase.DISTILLING, 9, 9)).isEqualTo(ClassPhase.CONVERGED);
    }

    @Test
    @DisplayName("goes on as long as it gets better, however slowly")
    void goesOnWhileItImproves() {
        double loss = 100;
        for (int i = 0; i < 50; i++) {
            assertThat(iteration(ClassPhase.DISTILLING, loss)).isEqualTo(ClassPhase.DISTILLING);
            loss *= 0.98;
        }
    }

    @Test
    @DisplayName("wakes when its mean loss rises above its level by more than drift allows, and not before")
    void wakesOnDrift() {
        // given
        iteration(ClassPhase.DISTILLING, 10);
        iteration(ClassPhase.DISTILLING, 10);
        iteration(ClassPhase.DISTILLING, 10);

        // then
        assertThat(iteration(ClassPhase.CONVERGED, 11.9)).isEqualTo(ClassPhase.CONVERGED);
        assertThat(iteration(ClassPhase.CONVERGED, 12.1)).isEqualTo(ClassPhase.DISTILLING);
        assertThat(iteration(ClassPhase.DISTILLING, 12.1)).isEqualTo(ClassPhase.DISTILLING);
        assertThat(iteration(ClassPhase.DISTILLING, 12.1)).isEqualTo(ClassPhase.CONVERGED);
    }

    @Test
    @DisplayName("that had converged before a restart takes its first mean as its level")
    void remembersNothingAcrossARestart() {
        assertThat(iteration(ClassPhase.CONVERGED, 10)).isEqualTo(ClassPhase.CONVERGED);
        assertThat(iteration(ClassPhase.CONVERGED, 12.1)).isEqualTo(ClassPhase.DISTILLING);
    }

    @Test
    @DisplayName("stays as it is in an iteration without a step")
    void needsSteps() {
        assertThat(iteration(ClassPhase.DISTILLING)).isEqualTo(ClassPhase.DISTILLING);
        assertThat(iteration(ClassPhase.CONVERGED)).isEqualTo(ClassPhase.CONVERGED);
    }

    private ClassPhase iteration(ClassPhase phase, double... losses) {
        for (double loss : losses) {
            curve.add(loss);
        }
        return curve.endIteration(phase);
    }
}
