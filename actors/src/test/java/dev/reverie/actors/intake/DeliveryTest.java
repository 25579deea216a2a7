package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.join;
import static dev.reverie.actors.intake.RunningIntake.sample;
import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reverie.actors.Samples;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("When samples arrive, the intake")
class DeliveryTest extends AbstractIntakeTest {

    /**
     * In bytes. A class takes a snapshot when it has journalled 1 MiB, and can journal as much again before the old
     * events are deleted; its snapshot takes less than 1 MiB. The fingerprints of the whole stream would take 5 MB.
     */
    private static final long LARGEST_STORE = 3 << 20;

    @Test
    @DisplayName("accepts new samples and recognises duplicates, also after a restart")
    void recognisesDuplicates() {
        List<Sample> cats = samples("cat", 20, 1);
        List<Sample> both = new ArrayList<>(samples("dog", 5, 2));
        both.addAll(cats.subList(0, 10));

        DeliveryOutcome first = intake.deliver(cats);
        DeliveryOutcome second = intake.deliver(both);
        restart();
        DeliveryOutcome again = intake.deliver(cats);

        assertThat(first).isEqualTo(new DeliveryOutcome.Accepted(20, 0));
        assertThat(second).isEqualTo(new DeliveryOutcome.Accepted(5, 10));
        assertThat(again).isEqualTo(new DeliveryOutcome.Accepted(0, 20));
        assertThat(intake.overview().infos())
                .extracting(ClassInfo::label, ClassInfo::index, ClassInfo::seen)
                .containsExactly(tuple("cat", 0, 20L), tuple("dog", 1, 5L));
    }

    @Test
    @DisplayName("recognises samples without an id by label and pixels")
    void recognisesContent() {
        Image image = Samples.images(1, 3).getFirst();
        Sample anonymous = new Sample("cat", Optional.empty(), image);
        Sample copy = new Sample("cat", Optional.empty(), Samples.images(1, 3).getFirst());
        Sample elsewhere = new Sample("dog", Optional.empty(), image);

        assertThat(intake.deliver(List.of(anonymous, copy, elsewhere))).isEqualTo(new DeliveryOutcome.Accepted(2, 1));
    }

    @Test
    @DisplayName("counts a duplicate of a pending sample as a duplicate")
    void duplicatesOfPendingSamples() {
        List<Sample> cats = samples("cat", 20, 1);

        List<CompletionStage<DeliveryOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(intake.deliverAsync(cats));
        }

        assertThat(join(answers.getFirst())).isEqualTo(new DeliveryOutcome.Accepted(20, 0));
        assertThat(answers.subList(1, 5))
                .allSatisfy(answer -> assertThat(join(answer)).isEqualTo(new DeliveryOutcome.Accepted(0, 20)));
        assertThat(intake.info("cat").seen()).isEqualTo(20);
    }

    @Test
    @DisplayName("refuses a whole delivery if one image has another shape")
    void refusesOtherShapes() {
        intake.deliver(samples("cat", 1, 1));
        List<Sample> mixed = new ArrayList<>(samples("dog", 3, 2));
        mixed.add(sample("dog", "large", Image.of(new ImageShape(1, 5, 5), new byte[25])));

        assertThat(intake.deliver(mixed))
                .isEqualTo(new DeliveryOutcome.Refused(
                        DeliveryOutcome.Reason.SHAPE_MISMATCH,
                        "this service stores 1x4x4 images, but this one is 1x5x5: send images of the same size, start"
                                + " the service with --resize 4x4 (reverie.ingest.resize) so that it accepts any, or"
                                + " forget all classes first"));
        assertThat(intake.overview().classes()).hasSize(1);
    }

    @Test
    @DisplayName("requires the size of its first image, also after a restart")
    void remembersTheSize() {
        intake.deliver(samples("cat", 1, 1));

        restart();

        Sample other = sample("cat", "x", Image.of(new ImageShape(1, 4, 5), new byte[20]));
        assertThat(intake.deliver(List.of(other))).isInstanceOf(DeliveryOutcome.Refused.class);
    }

    @Test
    @DisplayName("takes the same id under another label for another sample, also after a restart")
    void idsBelongToLabels() {
        List<Image> images = Samples.images(3, 5);
        List<Sample> folders = List.of(
                sample("cat", "1.png", images.get(0)),
                sample("dog", "1.png", images.get(0)),
                sample("owl", "1.png", images.get(1)));

        DeliveryOutcome first = intake.deliver(folders);
        restart();
        DeliveryOutcome again = intake.deliver(folders);
        DeliveryOutcome later = intake.deliver(List.of(sample("elk", "1.png", images.get(2)), folders.get(1)));

        assertThat(first).isEqualTo(new DeliveryOutcome.Accepted(3, 0));
        assertThat(again).isEqualTo(new DeliveryOutcome.Accepted(0, 3));
        assertThat(later).isEqualTo(new DeliveryOutcome.Accepted(1, 1));
    }

    @Test
    @DisplayName("recognises the ids of the other classes after a class with the same ids is forgotten")
    void forgettingKeepsOtherIds() {
        Image image = Samples.images(1, 5).getFirst();
        List<Sample> both = List.of(sample("cat", "1.png", image), sample("dog", "1.png", image));
        intake.deliver(both);

        intake.<IntakeActor.Forgotten>ask(replyTo -> new IntakeActor.Forget("cat", replyTo));

        assertThat(intake.deliver(both)).isEqualTo(new DeliveryOutcome.Accepted(1, 1));
    }

    @Test
    @DisplayName("refuses a sample whose id belongs to another image of the class, and stores the others")
    void refusesConflicts() {
        List<Image> images = Samples.images(4, 7);
        intake.deliver(List.of(sample("cat", "a", images.get(0))));

        DeliveryOutcome known =
                intake.deliver(List.of(sample("cat", "new", images.get(1)), sample("cat", "a", images.get(2))));
        DeliveryOutcome together =
                intake.deliver(List.of(sample("dog", "b", images.get(0)), sample("dog", "b", images.get(1))));

        assertThat(known)
                .isEqualTo(new DeliveryOutcome.Accepted(
                        1,
                        0,
                        List.of(new DeliveryOutcome.RefusedSample(
                                1, "cat", Optional.of("a"), SampleVerdict.CONFLICT))));
        assertThat(together)
                .isEqualTo(new DeliveryOutcome.Accepted(
                        1,
                        0,
                        List.of(new DeliveryOutcome.RefusedSample(
                                1, "dog", Optional.of("b"), SampleVerdict.CONFLICT))));
        assertThat(intake.info("cat").seen()).isEqualTo(2);
    }

    @Test
    @DisplayName("refuses the samples of a sealed class, and stores those of other classes, also of new ones")
    void refusesSealedClasses() {
        List<Image> images = Samples.images(3, 7);
        intake.deliver(List.of(sample("cat", "a", images.get(0))));
        intake.<IntakeActor.Sealed>ask(replyTo -> new IntakeActor.Seal("cat", SealChange.NOW, replyTo));

        DeliveryOutcome outcome = intake.deliver(List.of(
                sample("cat", "a", images.get(0)),
                sample("cat", "b", images.get(1)),
                sample("dog", "c", images.get(2))));

        assertThat(outcome)
                .isEqualTo(new DeliveryOutcome.Accepted(
                        1,
                        1,
                        List.of(new DeliveryOutcome.RefusedSample(1, "cat", Optional.of("b"), SampleVerdict.SEALED))));
        assertThat(intake.info("dog").seen()).isEqualTo(1);
    }

    @Test
    @DisplayName("refuses more classes than its limit")
    void limitsClasses() {
        intake.deliver(List.of(
                sample("a", "1", Samples.images(1, 1).getFirst()),
                sample("b", "2", Samples.images(1, 2).getFirst()),
                sample("c", "3", Samples.images(1, 3).getFirst())));

        assertThat(intake.deliver(List.of(
                        sample("d", "4", Samples.images(1, 4).getFirst()),
                        sample("e", "5", Samples.images(1, 5).getFirst()))))
                .isInstanceOf(DeliveryOutcome.Refused.class);
        assertThat(intake.deliver(samples("d", 1, 4))).isEqualTo(new DeliveryOutcome.Accepted(1, 0));
    }

    @Test
    @DisplayName("defers deliveries beyond its limit of pending bytes, and accepts them later")
    void defersWhenFull() {
        List<List<Sample>> deliveries =
                IntStream.range(0, 20).mapToObj(i -> samples("cat", 1000, i)).toList();

        List<CompletionStage<DeliveryOutcome>> answers =
                deliveries.stream().map(intake::deliverAsync).toList();

        List<DeliveryOutcome> all = answers.stream().map(RunningIntake::join).toList();
        assertThat(all).contains(DeliveryOutcome.Deferred.OVERLOADED);
        long accepted = all.stream()
                .filter(new DeliveryOutcome.Accepted(1000, 0)::equals)
                .count();
        assertThat(intake.info("cat").seen()).isEqualTo(1000 * accepted);
        assertThat(intake.overview().pendingBytes()).isZero();
        assertThat(intake.deliver(samples("cat", 1000, 99))).isEqualTo(new DeliveryOutcome.Accepted(1000, 0));
    }

    @Test
    @DisplayName("stores only reservoirs, fingerprints and learned images, however long the stream is")
    void storeStaysBounded() {
        for (int i = 0; i < 160; i++) {
            intake.deliver(samples("cat", 2000, i));
        }

        assertThat(join(intake.store().size())).isLessThan(LARGEST_STORE);
        assertThat(intake.info("cat").reservoir()).isEqualTo(50);
        restart();
        assertThat(intake.info("cat").seen()).isEqualTo(320_000);
    }
}
