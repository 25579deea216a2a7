package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.join;
import static dev.reverie.actors.intake.RunningIntake.sample;
import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reverie.actors.Samples;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The intake, as samples come,")
class DeliveryTest extends IntakeOnAStore {

    @Test
    @DisplayName("accepts what is new, recognises it when it comes again, also after a restart")
    void recognisesRepetitions() {
        // given
        List<Sample> cats = samples("cat", 20, 1);
        List<Sample> both = new ArrayList<>(samples("dog", 5, 2));
        both.addAll(cats.subList(0, 10));

        // when
        DeliveryOutcome first = intake.admit(cats);
        DeliveryOutcome second = intake.admit(both);
        restart();
        DeliveryOutcome again = intake.admit(cats);

        // then
        assertThat(first).isEqualTo(new DeliveryOutcome.Accepted(20, 0));
        assertThat(second).isEqualTo(new DeliveryOutcome.Accepted(5, 10));
        assertThat(again).isEqualTo(new DeliveryOutcome.Accepted(0, 20));
        assertThat(intake.look().classes())
                .extracting(ClassHandle::name, ClassHandle::label, ClassHandle::seen)
                .containsExactly(tuple("cat", 0, 20L), tuple("dog", 1, 5L));
    }

    @Test
    @DisplayName("recognises samples without an id by label and pixels")
    void recognisesContent() {
        // given
        Image image = Samples.images(1, 3).getFirst();
        Sample anonymous = new Sample("cat", Optional.empty(), image);
        Sample copy = new Sample("cat", Optional.empty(), Samples.images(1, 3).getFirst());
        Sample elsewhere = new Sample("dog", Optional.empty(), image);

        // then
        assertThat(intake.admit(List.of(anonymous, copy, elsewhere))).isEqualTo(new DeliveryOutcome.Accepted(2, 1));
    }

    @Test
    @DisplayName("acknowledges a repetition of what is still in flight with the original, not before")
    void repetitionsInFlight() {
        // given
        List<Sample> cats = samples("cat", 20, 1);

        // when
        List<CompletionStage<DeliveryOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(intake.deliver(cats));
        }

        // then
        assertThat(join(answers.getFirst())).isEqualTo(new DeliveryOutcome.Accepted(20, 0));
        assertThat(answers.subList(1, 5))
                .allSatisfy(answer -> assertThat(join(answer)).isEqualTo(new DeliveryOutcome.Accepted(0, 20)));
        assertThat(intake.view("cat").seen()).isEqualTo(20);
    }

    @Test
    @DisplayName("refuses a delivery with one image of another shape, and takes nothing of it")
    void refusesOtherShapes() {
        // given
        intake.admit(samples("cat", 1, 1));
        List<Sample> mixed = new ArrayList<>(samples("dog", 3, 2));
        mixed.add(sample("dog", "large", Image.of(new ImageShape(1, 5, 5), new byte[25])));

        // then
        assertThat(intake.admit(mixed))
                .isEqualTo(new DeliveryOutcome.Refused(
                        DeliveryOutcome.Reason.SHAPE_MISMATCH,
                        "this service takes 1x4x4 images, got one of 1x5x5: send images of that shape, or forget"
                                + " all classes first"));
        assertThat(intake.look().classes()).hasSize(1);
    }

    @Test
    @DisplayName("keeps to the shape of its first image after a restart")
    void remembersTheShape() {
        // given
        intake.admit(samples("cat", 1, 1));

        // when
        restart();

        // then
        Sample other = sample("cat", "x", Image.of(new ImageShape(3, 4, 4), new byte[48]));
        assertThat(intake.admit(List.of(other))).isInstanceOf(DeliveryOutcome.Refused.class);
    }

    @Test
    @DisplayName("refuses an id that is known with another image or label, and takes nothing of the delivery")
    void refusesConflicts() {
        // given
        List<Image> images = Samples.images(4, 7);
        intake.admit(List.of(sample("cat", "a", images.get(0))));

        // then
        assertThat(intake.admit(List.of(sample("cat", "new", images.get(1)), sample("cat", "a", images.get(2)))))
                .isEqualTo(new DeliveryOutcome.Refused(
                        DeliveryOutcome.Reason.ID_CONFLICT,
                        "the id 'a' was used for another label or image: give every sample its own id"));
        assertThat(intake.admit(List.of(sample("dog", "a", images.get(0)))))
                .isInstanceOf(DeliveryOutcome.Refused.class);
        assertThat(intake.admit(List.of(sample("cat", "b", images.get(0)), sample("cat", "b", images.get(1)))))
                .isInstanceOf(DeliveryOutcome.Refused.class);
        assertThat(intake.view("cat").seen()).isEqualTo(1);
    }

    @Test
    @DisplayName("refuses more classes than there may be")
    void limitsClasses() {
        // given
        intake.admit(List.of(
                sample("a", "1", Samples.images(1, 1).getFirst()),
                sample("b", "2", Samples.images(1, 2).getFirst()),
                sample("c", "3", Samples.images(1, 3).getFirst())));

        // then
        assertThat(intake.admit(List.of(
                        sample("d", "4", Samples.images(1, 4).getFirst()),
                        sample("e", "5", Samples.images(1, 5).getFirst()))))
                .isInstanceOf(DeliveryOutcome.Refused.class);
        assertThat(intake.admit(samples("d", 1, 4))).isEqualTo(new DeliveryOutcome.Accepted(1, 0));
    }

    @Test
    @DisplayName("defers at once what is more than it may have in hand, and takes it later")
    void defersWhenFull() {
        // given
        List<CompletionStage<DeliveryOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(intake.deliver(samples("cat", 1000, i)));
        }

        // then
        List<DeliveryOutcome> all = answers.stream().map(RunningIntake::join).toList();
        assertThat(all).contains(DeferredReplies.OVERLOADED);
        long accepted = all.stream()
                .filter(new DeliveryOutcome.Accepted(1000, 0)::equals)
                .count();
        assertThat(intake.view("cat").seen()).isEqualTo(1000 * accepted);
        assertThat(intake.look().bytesInFlight()).isZero();
        assertThat(intake.admit(samples("cat", 1000, 99))).isEqualTo(new DeliveryOutcome.Accepted(1000, 0));
    }

    @Test
    @DisplayName(
            "keeps no more in the store than reservoirs, fingerprints and what was learned, however long the stream")
    void storeStaysBounded() {
        // given
        for (int i = 0; i < 10; i++) {
            intake.admit(samples("cat", 2000, i));
        }
        long early = join(intake.store().size());

        // when
        for (int i = 10; i < 80; i++) {
            intake.admit(samples("cat", 2000, i));
        }

        // then
        assertThat(join(intake.store().size())).isLessThan(Math.max(2 * early, 3 << 20));
        assertThat(intake.view("cat").reservoir()).isEqualTo(50);
        restart();
        assertThat(intake.view("cat").seen()).isEqualTo(160_000);
    }
}
