package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.ObserverTrained;
import dev.reverie.gpu.WatchedCalls;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.method.Method;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A distillation with an observer, with the real engine,")
class ObserverDistillationTest extends AbstractEngineDistillationTest {

    /** Two parts of the training at the full rate, one at a fifth of it, and one at a twenty-fifth. */
    private static final int SAMPLES = 9000;

    private final List<Double> rateShares = new CopyOnWriteArrayList<>();
    private final AtomicInteger classifications = new AtomicInteger();
    private int failingTraining = -1;
    private int failingClassification = -1;

    ObserverDistillationTest(@TempDir Path folder) {
        super(AbstractExpertDistillationTest.selecting(Method.RDED, 128, SAMPLES), folder);
    }

    /** An engine that records the learning rates, and fails once where the test says so. */
    private DistillationEngine watched() {
        return WatchedCalls.before(DistillationEngine.class, engine(), (method, arguments) -> {
            boolean failing =
                    switch (method) {
                        case "train" -> trainings.getAndIncrement() == failingTraining;
                        case "classify" -> classifications.getAndIncrement() == failingClassification;
                        default -> false;
                    };
            if (failing) {
                throw new IllegalStateException("the device is gone");
            }
            if (arguments.stream().findFirst().orElse("") instanceof TrainMatchingNetworkTask task) {
                rateShares.add(task.rateShare());
            }
        });
    }

    private Distillation start(String name, List<TelemetryEvent> events) {
        return Distillation.start(request(name, false), this::watched, List.of(events::add), InstantSource.system());
    }

    @Test
    @DisplayName("trains it in parts at a falling rate, tells how far it is, and returns its parameters")
    void trainsInParts() {
        List<TelemetryEvent> events = new CopyOnWriteArrayList<>();

        DistillationResult result = RunSettings.await(start("falling", events).result());

        assertThat(rateShares)
                .startsWith(1.0, 1.0)
                .endsWith(0.2 * 0.2)
                .contains(0.2)
                .isSortedAccordingTo((left, right) -> Double.compare(right, left));
        assertThat(events)
                .filteredOn(ObserverTrained.class::isInstance)
                .hasSameSizeAs(rateShares)
                .last()
                .isEqualTo(new ObserverTrained(SAMPLES, SAMPLES));
        assertThat(result.observer())
                .hasValueSatisfying(parameters -> assertThat(parameters).isNotEmpty());
        assertThat(result.set().softLabels()).isPresent();
    }

    @Test
    @DisplayName("fails if the engine fails in the training, instead of going on with an untrained network")
    void failsInTraining() {
        failingTraining = 2;

        Throwable failure = RunSettings.failureOf(
                start("training", new CopyOnWriteArrayList<>()).result());

        assertThat(failure)
                .isInstanceOf(DistillationException.class)
                .hasMessageContaining("the network that selects the initial images could not be trained");
        assertThat(trainings).hasValue(3);
    }

    @Test
    @DisplayName("fails if the engine fails while the observer rates crops or labels images, instead of asking another")
    void failsInLabelling() {
        // given three classes, whose crops are rated before all images are labelled
        for (int failing : List.of(0, 3)) {
            classifications.set(0);
            failingClassification = failing;

            Throwable failure = RunSettings.failureOf(
                    start("labels" + failing, new CopyOnWriteArrayList<>()).result());

            assertThat(failure)
                    .isInstanceOf(DistillationException.class)
                    .hasMessageContaining("the worker failed and lost the network that selects");
        }
    }
}
