package dev.reverie.actors.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.TelemetryEvent.MemoryEvaluated;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.evaluate.EvaluationReport;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The held-out images")
class HeldOutImagesTest {

    private static final Instant TAKEN = Instant.ofEpochSecond(1_000);
    private static final Instant LATER = TAKEN.plusNanos(1);
    private static final int CAPACITY = 10;

    private final HeldOutImages heldOut = new HeldOutImages(Memories.of("cat", "", "dog"), TAKEN, CAPACITY);

    @Test
    @DisplayName("include none that were received before the memory was copied, or at that moment")
    void neverBefore() {
        heldOut.add(TAKEN.minusSeconds(1), Memories.samples(3, "cat"));
        heldOut.add(TAKEN, Memories.samples(3, "cat"));
        assertThat(heldOut.test()).isEmpty();

        heldOut.add(LATER, Memories.samples(3, "dog", "cat"));

        assertThat(heldOut.test()).extracting(LabelledImage::label).containsExactlyInAnyOrder(1, 1, 1, 0, 0, 0);
    }

    @Test
    @DisplayName("are labelled with the position of their class among the classes of the memory")
    void labels() {
        List<Sample> samples = Memories.samples(5, "dog", "cat");
        Map<Image, Integer> expected = new HashMap<>();
        samples.forEach(each -> expected.put(each.image(), each.label().equals("cat") ? 0 : 1));

        heldOut.add(LATER, samples.subList(0, 3));
        heldOut.add(LATER, samples.subList(3, 10));

        assertThat(heldOut.test()).hasSize(10).allSatisfy(tested -> assertThat(expected)
                .containsEntry(tested.image(), tested.label()));
    }

    @Test
    @DisplayName("include none of a class that the memory lacks; these are counted and make the copy outdated")
    void unknownClasses() {
        assertThat(heldOut.isOutdated()).isTrue();
        heldOut.add(LATER, Memories.samples(2, "cat"));
        assertThat(heldOut.isOutdated()).isFalse();

        heldOut.add(LATER, Memories.samples(2, "bird", "dog"));

        assertThat(heldOut.isOutdated()).isTrue();
        assertThat(heldOut.size()).isEqualTo(4);
        assertThat(heldOut.outcome(report(1, 1), LATER, 0).leftOut()).isEqualTo(2);
    }

    @Test
    @DisplayName("are a uniform sample: late images are as likely as early ones")
    void uniform() {
        int moments = 1_000;
        int deliveries = 30;
        int size = 2;
        int[] chosen = new int[deliveries];
        List<Sample> samples = Memories.samples(deliveries, "cat", "dog");
        Map<Image, Integer> delivered = new HashMap<>();
        for (int moment = 0; moment < moments; moment++) {
            HeldOutImages each = new HeldOutImages(Memories.of("cat", "dog"), TAKEN.plusMillis(moment), CAPACITY);
            for (int i = 0; i < deliveries; i++) {
                List<Sample> delivery = samples.subList(size * i, size * (i + 1));
                int number = i;
                delivery.forEach(sample -> delivered.put(sample.image(), number));
                each.add(TAKEN.plusSeconds(60), delivery);
            }
            assertThat(each.size()).isEqualTo(CAPACITY);
            each.test().forEach(tested -> chosen[delivered.getOrDefault(tested.image(), -1)]++);
        }

        double expected = (double) moments * CAPACITY / deliveries;
        double deviation = Math.sqrt(expected * (1 - (double) CAPACITY / (deliveries * size)));
        assertThat(IntStream.of(chosen).boxed())
                .allSatisfy(count -> assertThat((double) count).isCloseTo(expected, within(5 * deviation)));
    }

    @Test
    @DisplayName("give the accuracy of each tested class and of all classes")
    void outcome() {
        heldOut.add(LATER, Memories.samples(1, "cat"));
        heldOut.add(LATER, Memories.samples(3, "dog"));

        MemoryEvaluated outcome = heldOut.outcome(report(1, 1.0 / 3), LATER, 2.5);

        assertThat(outcome.accuracies())
                .containsExactly(
                        new MemoryEvaluated.ClassAccuracy(0, "cat", 1, 1),
                        new MemoryEvaluated.ClassAccuracy(2, "dog", 3, 1.0 / 3));
        assertThat(outcome.images()).isEqualTo(4);
        assertThat(outcome.accuracy()).isEqualTo(0.5);
        assertThat(Duration.between(outcome.taken(), outcome.ended())).isEqualTo(Duration.ofNanos(1));
    }

    private static EvaluationReport report(double... byPosition) {
        return new EvaluationReport(
                List.of(0.5),
                List.of(0.5),
                List.of(DoubleStream.of(byPosition).boxed().toList()));
    }
}
