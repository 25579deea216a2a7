package dev.reverie.actors.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The evaluation of the memory")
class EvaluationActorTest extends AbstractEvaluationTest {

    @Test
    @DisplayName("trains a network on a copy of the memory and tests it on the test images of all classes")
    void testsAllClasses() {
        memory = of("cat", "", "dog");
        testImages = Map.of(0, Samples.images(2, 0), 2, Samples.images(3, 1));
        Map<Image, Integer> expected = new HashMap<>();
        testImages.forEach(
                (classIndex, images) -> images.forEach(image -> expected.put(image, classIndex == 0 ? 0 : 1)));

        pass(WINDOW);

        TelemetryEvent.MemoryEvaluated outcome = evaluated();
        ScriptedTrainer.TrainingInput input = trainer.nextInput();
        assertThat(input.memory().classes().names()).containsExactly("cat", "dog");
        assertThat(input.test()).hasSize(5).allSatisfy(tested -> assertThat(expected)
                .containsEntry(tested.image(), tested.label()));
        assertThat(outcome.taken()).isEqualTo(clock.instant());
        assertThat(outcome.accuracies())
                .containsExactly(
                        new TelemetryEvent.MemoryEvaluated.ClassAccuracy(0, "cat", 2, 0.5),
                        new TelemetryEvent.MemoryEvaluated.ClassAccuracy(2, "dog", 3, 0.5));
        assertThat(outcome.memoryClasses()).isEqualTo(2);
    }

    @Test
    @DisplayName("leaves out classes with too few test images, and says how many classes the memory has")
    void leavesOut() {
        memory = of("cat", "dog", "bird");
        testImages = Map.of(0, Samples.images(MIN_IMAGES, 0), 1, Samples.images(MIN_IMAGES - 1, 1));

        pass(WINDOW);

        TelemetryEvent.MemoryEvaluated outcome = evaluated();
        assertThat(outcome.accuracies()).hasSize(1);
        assertThat(outcome.memoryClasses()).isEqualTo(3);
    }

    @Test
    @DisplayName("leaves out a class that the copy of the memory lacks")
    void lacking() {
        testImages = Map.of(0, Samples.images(3, 0), 2, Samples.images(3, 1));

        pass(WINDOW);

        assertThat(evaluated().accuracies()).hasSize(1);
        assertThat(trainer.nextInput().test()).extracting(LabelledImage::label).containsOnly(0);
    }

    @Test
    @DisplayName("takes the same number of test images of each class, if there are more than the maximum")
    void atMostTheMaximum() {
        testImages = Map.of(0, Samples.images(50, 0), 1, Samples.images(50, 1));

        pass(WINDOW);

        assertThat(evaluated().accuracies())
                .extracting(TelemetryEvent.MemoryEvaluated.ClassAccuracy::images)
                .containsExactly(MAX_IMAGES / 2, MAX_IMAGES / 2);
    }

    @Test
    @DisplayName("is repeated after an interval, or after a window if other classes can be tested")
    void interval() {
        pass(WINDOW);
        Instant first = evaluated().taken();
        pass(INTERVAL.minusMillis(1));
        assertThat(events).isEmpty();
        pass(WINDOW);
        assertThat(evaluated().taken())
                .isEqualTo(first.plus(INTERVAL).minusMillis(1).plus(WINDOW));

        testImages = Map.of(0, Samples.images(3, 0), 1, Samples.images(3, 1), 2, Samples.images(3, 2));
        memory = of("cat", "dog", "bird");
        pass(WINDOW);

        assertThat(evaluated().accuracies()).hasSize(3);
    }

    @Test
    @DisplayName("is repeated after an interval although the clock of the machine was set back, and shows that clock")
    void clockSetBack() {
        pass(WINDOW);
        evaluated();
        clock.advance(Duration.ofDays(-365));

        pass(INTERVAL);

        assertThat(evaluated().taken()).isEqualTo(clock.instant());
    }

    @Test
    @Timeout(60)
    @DisplayName("pauses after a step for as long as the step took, although the clock was set forward by a year in it")
    void clockSetForward() {
        trainer.during(() -> clock.advance(Duration.ofDays(365)));

        pass(WINDOW);

        assertThat(evaluated().seconds()).hasValue(0);
    }

    @Test
    @DisplayName("waits for test images, and for a memory of at least two classes")
    void waits() {
        Map<Integer, List<Image>> some = testImages;
        testImages = Map.of();
        pass(WINDOW);
        assertThat(taken).isZero();
        testImages = some;
        unreadable = Optional.of(new IllegalStateException("being read"));
        pass(WINDOW);
        assertThat(taken).isZero();
        unreadable = Optional.empty();
        for (CompletionStage<Optional<DistilledSet>> each : List.of(
                of("cat"),
                CompletableFuture.<Optional<DistilledSet>>completedStage(Optional.empty()),
                CompletableFuture.<Optional<DistilledSet>>failedStage(new IllegalStateException("being read")))) {
            memory = each;
            pass(WINDOW);
        }
        assertThat(taken).isEqualTo(3);
        assertThat(events).isEmpty();

        memory = of("cat", "dog");
        pass(WINDOW);

        evaluated();
    }

    @Test
    @DisplayName("publishes every failure, warns of the first in a row, and tries again an interval later")
    void failures() {
        trainer.fail("no room on the device");
        pass(WINDOW);
        pass(INTERVAL);

        String reason =
                "evaluating the memory failed (no room on the device); the next evaluation begins as usual, so nothing"
                        + " needs to be done unless this recurs";
        assertThat(events)
                .containsExactly(
                        new TelemetryEvent.EvaluationFailed(reason),
                        new TelemetryEvent.Warning(reason),
                        new TelemetryEvent.EvaluationFailed(reason));
        events.clear();
        trainer.recover();
        pass(INTERVAL.minus(Duration.ofMillis(1)));
        assertThat(events).isEmpty();
        pass(Duration.ofMillis(1));
        evaluated();
    }

    @Test
    @DisplayName("reports a memory that exceeds the limit instead of holding a copy")
    void tooLarge() {
        int oneOfEach = 2 * Samples.SHAPE.size();
        evaluation = limitedTo(2L * Memories.BYTES_PER_CLASS + oneOfEach - 1);

        pass(WINDOW);

        assertThat(events)
                .hasSize(2)
                .first()
                .asString()
                .contains("one test image of each class", "raise reverie.evaluation.max-bytes");
    }
}
