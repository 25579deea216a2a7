package dev.reverie.actors.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The evaluation of the memory")
class EvaluationActorTest extends AbstractEvaluationTest {

    @Test
    @DisplayName("trains a network on a copy of the memory and tests it on images that were received later")
    void prequential() {
        // given
        List<Sample> before = Memories.samples(1, "cat");
        List<Sample> inTransit = Memories.samples(2, "dog");
        List<Sample> after = Memories.samples(2, "cat", "dog");
        accept(before);
        pass(WINDOW);
        Instant moment = clock.instant();
        memory = of("what", "comes", "later");
        pass(MOMENT);

        // when
        evaluation.run(new EvaluationActor.SamplesAccepted(moment, inTransit));
        accept(after);
        pass(WINDOW);

        // then
        TelemetryEvent.MemoryEvaluated outcome = evaluated();
        ScriptedTrainer.TrainingInput nextInput = trainer.nextInput();
        assertThat(nextInput.memory().classes().names()).containsExactly("cat", "dog");
        assertThat(nextInput.test())
                .extracting(LabelledImage::image)
                .containsExactlyInAnyOrderElementsOf(images(after));
        assertThat(outcome.taken()).isEqualTo(moment);
        assertThat(outcome.ended()).isEqualTo(clock.instant());
        assertThat(outcome.images()).isEqualTo(4);
        assertThat(outcome.accuracy()).isEqualTo(0.5);
    }

    @Test
    @DisplayName("waits for enough images and for its window, and keeps at most the maximum of images")
    void waits() {
        pass(WINDOW);
        accept(MOMENT, Memories.samples(1, "cat", "dog"));
        pass(WINDOW);
        assertThat(events).isEmpty();
        accept(Memories.samples(20, "cat"));
        pass(MOMENT);
        assertThat(evaluated().images()).isEqualTo(MAX_IMAGES);

        pass(INTERVAL);
        accept(MOMENT, Memories.samples(20, "cat"));
        pass(WINDOW.minus(MOMENT).minusMillis(1));
        assertThat(events).isEmpty();
        pass(Duration.ofMillis(1));
        evaluated();
    }

    @Test
    @DisplayName("copies the memory again one interval after the last copy")
    void interval() {
        pass(WINDOW);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        pass(WINDOW);
        Instant first = evaluated().taken();

        pass(INTERVAL.minus(WINDOW).minus(MOMENT).minusMillis(1));
        assertThat(taken).isEqualTo(1);
        pass(Duration.ofMillis(1));

        assertThat(taken).isEqualTo(2);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        pass(WINDOW);
        assertThat(evaluated().taken()).isEqualTo(first.plus(INTERVAL));
    }

    @Test
    @DisplayName("waits for a memory of at least two classes")
    void fewClasses() {
        for (CompletionStage<Optional<DistilledSet>> each : List.of(
                of("cat"),
                CompletableFuture.<Optional<DistilledSet>>completedStage(Optional.empty()),
                CompletableFuture.<Optional<DistilledSet>>failedStage(new IllegalStateException("being read")))) {
            memory = each;
            pass(WINDOW);
            accept(MOMENT, Memories.samples(4, "cat"));
        }
        assertThat(events).isEmpty();

        memory = of("cat", "dog");
        pass(MOMENT);
        accept(MOMENT, Memories.samples(4, "cat"));
        pass(WINDOW);

        evaluated();
    }

    @Test
    @DisplayName("copies the memory every interval while no images arrive, or images of classes that the copy lacks")
    void freshMemory() {
        pass(WINDOW);
        pass(INTERVAL);
        assertThat(taken).isEqualTo(2);
        accept(MOMENT, Memories.samples(3, "cat", "bird"));
        memory = of("cat", "dog", "bird");
        pass(INTERVAL);
        assertThat(taken).isEqualTo(3);

        accept(MOMENT, Memories.samples(3, "cat", "bird"));
        pass(WINDOW);

        TelemetryEvent.MemoryEvaluated outcome = evaluated();
        assertThat(outcome.accuracies()).hasSize(2);
        assertThat(outcome.leftOut()).isZero();
    }

    @Test
    @DisplayName("keeps its copy while images arrive slowly")
    void slowly() {
        pass(WINDOW);
        for (int i = 0; i < MIN_IMAGES; i++) {
            pass(INTERVAL);
            accept(MOMENT, Memories.samples(1, "cat"));
            if (i == 0) {
                assertThat(taken).isEqualTo(2);
            }
        }
        pass(MOMENT);

        assertThat(evaluated().images()).isEqualTo(MIN_IMAGES);
        assertThat(taken).isEqualTo(2);
    }

    @Test
    @DisplayName("publishes every failure, warns of the first in a row, and tries again an interval later")
    void failures() {
        trainer.fail("no room on the device");
        pass(WINDOW);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        pass(WINDOW);
        pass(INTERVAL);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        pass(WINDOW);

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
        pass(INTERVAL);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        pass(WINDOW);
        evaluated();
    }

    @Test
    @DisplayName("reports a memory that exceeds the limit instead of holding a copy")
    void tooLarge() {
        int test = MIN_IMAGES * Samples.SHAPE.size();
        evaluation = limitedTo(2L * Memories.BYTES_PER_CLASS + test - 1);

        pass(WINDOW);

        assertThat(events)
                .hasSize(2)
                .first()
                .asString()
                .contains("it needs more than 319 bytes; raise reverie.evaluation.max-bytes");
    }

    private static List<Image> images(List<Sample> samples) {
        return samples.stream().map(Sample::image).toList();
    }
}
