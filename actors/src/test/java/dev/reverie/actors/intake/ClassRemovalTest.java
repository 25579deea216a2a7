package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.join;
import static dev.reverie.actors.intake.RunningIntake.sample;
import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The intake, as classes go,")
class ClassRemovalTest extends IntakeOnAStore {

    @Test
    @DisplayName(
            "seals a class: nothing new for it, its images stay, repetitions are still known, also after a restart")
    void seals() {
        // given
        intake.admit(samples("cat", 30, 1));

        // when
        IntakeActor.Sealed reply = intake.ask(replyTo -> new IntakeActor.Seal("cat", replyTo));
        ClassSnapshot handedOut = intake.askClass("cat", ClassActor.TakeSnapshot::new);
        restart();

        // then
        assertThat(reply.owner())
                .hasValueSatisfying(each -> assertThat(each.phase()).isEqualTo(ClassPhase.SEALED));
        assertThat(intake.admit(samples("cat", 30, 1))).isEqualTo(new DeliveryOutcome.Accepted(0, 30));
        assertThat(intake.admit(samples("cat", 1, 2))).isInstanceOf(DeliveryOutcome.Refused.class);
        assertThat(intake.view("cat").reservoir()).isZero();
        ClassSnapshot after = intake.askClass("cat", ClassActor.TakeSnapshot::new);
        assertThat(after.images().toArray()).containsExactly(handedOut.images().toArray());
        ClassActor.Images replay = intake.askClass("cat", replyTo -> new ClassActor.ReadImages(List.of(0, 1), replyTo));
        assertThat(replay.images()).hasSize(2);
        assertThat(intake.<IntakeActor.Sealed>ask(replyTo -> new IntakeActor.Seal("nobody", replyTo))
                        .owner())
                .isEmpty();
    }

    @Test
    @DisplayName("forgets a class entirely, gives its index to nobody, and takes its label as a new class")
    void forgets() {
        // given
        intake.admit(samples("cat", 30, 1));
        intake.admit(samples("dog", 3, 2));

        // when
        IntakeActor.Forgotten forgotten = intake.ask(replyTo -> new IntakeActor.Forget("cat", replyTo));

        // then
        assertThat(forgotten.existed()).isTrue();
        assertThat(intake.<IntakeActor.Forgotten>ask(replyTo -> new IntakeActor.Forget("cat", replyTo))
                        .existed())
                .isFalse();
        assertThat(intake.look().classes()).extracting(ClassHandle::name).containsExactly("dog");

        // when
        restart();
        intake.admit(samples("cat", 30, 1));

        // then
        assertThat(intake.look().classes())
                .extracting(ClassHandle::name, ClassHandle::label, ClassHandle::seen)
                .containsExactly(tuple("dog", 1, 3L), tuple("cat", 2, 30L));
    }

    @Test
    @DisplayName("leaves nothing of a class in the store that is forgotten while it takes images in")
    void forgetsInTheMiddle() {
        // given
        intake.admit(samples("dog", 3, 2));
        long before = join(intake.store().size());
        intake.admit(samples("cat", 1, 0));
        for (int i = 0; i < 20; i++) {
            intake.deliver(samples("cat", 2000, i));
        }

        // when
        IntakeActor.Forgotten forgotten = intake.ask(replyTo -> new IntakeActor.Forget("cat", replyTo));

        // then
        assertThat(forgotten.existed()).isTrue();
        assertThat(join(intake.store().size())).isLessThan(before + 4096);
    }

    @Test
    @DisplayName("forgets a class whose first images are on their way: it does not come up afterwards")
    void forgetsWhatIsComing() {
        // when
        CompletionStage<DeliveryOutcome> first = intake.deliver(samples("cat", 5, 1));
        CompletionStage<IntakeActor.Forgotten> forgetting =
                intake.begin(replyTo -> new IntakeActor.Forget("cat", replyTo));
        CompletionStage<DeliveryOutcome> other = intake.deliver(samples("dog", 5, 1));

        // then
        assertThat(join(forgetting).existed()).isTrue();
        assertThat(join(first)).isIn(DeferredReplies.FORGOTTEN, new DeliveryOutcome.Accepted(5, 0));
        assertThat(join(other)).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
        assertThat(intake.look().classes()).extracting(ClassHandle::name).containsExactly("dog");
    }

    @Test
    @DisplayName("takes images of another shape when every class was forgotten, also after a restart")
    void freesTheShape() {
        // given
        intake.admit(samples("cat", 1, 1));
        intake.<IntakeActor.Forgotten>ask(replyTo -> new IntakeActor.Forget("cat", replyTo));
        List<Sample> larger = List.of(sample("dog", "large", Image.of(new ImageShape(3, 5, 5), new byte[75])));

        // then
        assertThat(intake.admit(larger)).isEqualTo(new DeliveryOutcome.Accepted(1, 0));
        assertThat(intake.admit(samples("cat", 1, 1))).isInstanceOf(DeliveryOutcome.Refused.class);

        // when
        restart();

        // then
        assertThat(intake.admit(larger)).isEqualTo(new DeliveryOutcome.Accepted(0, 1));
        assertThat(intake.view("dog").seen()).isEqualTo(1);
        assertThat(intake.admit(samples("cat", 1, 1))).isInstanceOf(DeliveryOutcome.Refused.class);
    }
}
