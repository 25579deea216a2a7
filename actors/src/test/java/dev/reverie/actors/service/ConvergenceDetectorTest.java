package dev.reverie.actors.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.clustering.RefreshInterval;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A class that learns")
class ConvergenceDetectorTest {

    private static final ServicePolicy POLICY = new ServicePolicy(
            4,
            2,
            0.01,
            1.2,
            10,
            new RefreshInterval(Optional.of(10), Duration.ofMinutes(1), 0.2, Optional.empty()),
            Duration.ofMillis(200));

    private final ConvergenceDetector detector = new ConvergenceDetector(POLICY);

    @Test
    @DisplayName("has converged when its mean loss has not improved for as many outer iterations as the patience")
    void converges() {
        assertThat(iteration(ClassPhase.DISTILLING, 10, 12)).isEqualTo(ClassPhase.DISTILLING);
        assertThat(iteration(ClassPhase.DISTILLING, 8, 10)).isEqualTo(ClassPhase.DISTILLING);
        assertThat(iteration(ClassPhase.DISTILLING, 8.95, 8.95)).isEqualTo(ClassPhase.DISTILLING);
        assertThat(iteration(ClassPhase.DISTILLING, 9, 9)).isEqualTo(ClassPhase.CONVERGED);
    }

    @Test
    @DisplayName(
            "says how many outer iterations it takes at least: one more than the patience, and fewer without improvement")
    void leastIterations() {
        assertThat(detector.leastIterations()).isEqualTo(POLICY.patience() + 1);
        iteration(ClassPhase.DISTILLING, 10);
        assertThat(detector.leastIterations()).isEqualTo(POLICY.patience());
        iteration(ClassPhase.DISTILLING, 10);
        assertThat(detector.leastIterations()).isEqualTo(POLICY.patience() - 1);
        iteration(ClassPhase.DISTILLING, 5);
        assertThat(detector.leastIterations()).isEqualTo(POLICY.patience());
    }

    @Test
    @DisplayName("keeps learning while its mean loss improves, however slowly")
    void keepsLearningWhileItImproves() {
        double loss = 100;
        for (int i = 0; i < 50; i++) {
            assertThat(iteration(ClassPhase.DISTILLING, loss)).isEqualTo(ClassPhase.DISTILLING);
            loss *= 0.98;
        }
    }

    @Test
    @DisplayName("wakes when its mean loss exceeds its level by more than the drift, and not before")
    void wakesOnDrift() {
        converge(10);

        assertThat(iteration(ClassPhase.CONVERGED, steps(10, 11.9))).isEqualTo(ClassPhase.CONVERGED);
        converge(10);
        assertThat(iteration(ClassPhase.CONVERGED, steps(10, 12.1))).isEqualTo(ClassPhase.DISTILLING);
        assertThat(iteration(ClassPhase.DISTILLING, 12.1)).isEqualTo(ClassPhase.DISTILLING);
        assertThat(iteration(ClassPhase.DISTILLING, 12.1)).isEqualTo(ClassPhase.CONVERGED);
    }

    @Test
    @DisplayName("compares its losses with none from before it had representatives")
    void restarts() {
        converge(10);

        detector.restart();

        assertThat(iteration(ClassPhase.CONVERGED, steps(10, 5))).isEqualTo(ClassPhase.CONVERGED);
        assertThat(iteration(ClassPhase.CONVERGED, steps(50, 5))).isEqualTo(ClassPhase.CONVERGED);
        assertThat(iteration(ClassPhase.CONVERGED, steps(10, 7))).isEqualTo(ClassPhase.DISTILLING);
    }

    @Test
    @DisplayName("that has converged takes its mean over several iterations, since it is visited rarely")
    void collectsSteps() {
        converge(10);

        for (int i = 1; i < 4; i++) {
            assertThat(iteration(ClassPhase.CONVERGED, steps(3, 20))).isEqualTo(ClassPhase.CONVERGED);
        }

        assertThat(iteration(ClassPhase.CONVERGED, steps(3, 20))).isEqualTo(ClassPhase.DISTILLING);
    }

    @Test
    @DisplayName("is not woken by losses that vary from network to network")
    void ignoresVariance() {
        // given losses that vary by a third around a mean just above the level, for as many iterations as in a day
        converge(10);
        SplittableRandom random = new SplittableRandom(0);
        int wakes = 0;

        for (int i = 0; i < 10_000; i++) {
            double[] losses = random.doubles(5)
                    .map(draw -> 10.5 * (1 + (draw - 0.5) * 1.1))
                    .toArray();
            if (iteration(ClassPhase.CONVERGED, losses) == ClassPhase.DISTILLING) {
                wakes++;
                converge(10);
            }
        }

        assertThat(wakes).isLessThan(10);
    }

    @Test
    @DisplayName("wakes as soon after many steps without drift as after few")
    void forgetsOldSteps() {
        converge(10);
        for (int i = 0; i < 1005; i++) {
            iteration(ClassPhase.CONVERGED, steps(5, 10));
        }

        int iterations = 1;
        while (iteration(ClassPhase.CONVERGED, steps(5, 20)) == ClassPhase.CONVERGED) {
            iterations++;
        }

        assertThat(iterations).isLessThanOrEqualTo(10);
    }

    @Test
    @DisplayName("that converged before a restart takes its first mean as its level")
    void remembersNothingAcrossARestart() {
        assertThat(iteration(ClassPhase.CONVERGED, steps(50, 10))).isEqualTo(ClassPhase.CONVERGED);
        assertThat(iteration(ClassPhase.CONVERGED, steps(10, 12.1))).isEqualTo(ClassPhase.DISTILLING);
    }

    @Test
    @DisplayName("keeps its phase in an iteration without a step")
    void needsSteps() {
        assertThat(iteration(ClassPhase.DISTILLING)).isEqualTo(ClassPhase.DISTILLING);
        assertThat(iteration(ClassPhase.CONVERGED)).isEqualTo(ClassPhase.CONVERGED);
    }

    private void converge(double level) {
        while (iteration(ClassPhase.DISTILLING, level) != ClassPhase.CONVERGED) {}
    }

    private static double[] steps(int count, double loss) {
        return DoubleStream.generate(() -> loss).limit(count).toArray();
    }

    private ClassPhase iteration(ClassPhase phase, double... losses) {
        for (double loss : losses) {
            detector.add(loss);
        }
        return detector.endIteration(phase);
    }
}
