package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.join;
import static dev.reverie.actors.intake.RunningIntake.sample;
import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("When classes are sealed and forgotten, the intake")
class ClassRemovalTest extends AbstractIntakeTest {
    @Test
    @DisplayName(
            "seals a class, refuses new samples for it, keeps its images and recognises its duplicates, also after a restart")
    void seals() {
        intake.deliver(samples("cat", 30, 1));

        IntakeActor.Sealed reply = intake.ask(replyTo -> new IntakeActor.Seal("cat", SealChange.NOW, replyTo));
        ClassSnapshot handedOut = intake.askClass("cat", ClassActor.TakeSnapshot::new);
        restart();

        assertThat(reply.info())
                .hasValueSatisfying(each -> assertThat(each.phase()).isEqualTo(ClassPhase.SEALED));
        assertThat(intake.deliver(samples("cat", 30, 1))).isEqualTo(new DeliveryOutcome.Accepted(0, 30));
        assertThat(intake.deliver(samples("cat", 1, 2)))
                .isInstanceOfSatisfying(DeliveryOutcome.Accepted.class, answer -> assertThat(answer.refused())
                        .hasSize(1));
        assertThat(intake.info("cat").reservoir()).isZero();
        ClassSnapshot after = intake.askClass("cat", ClassActor.TakeSnapshot::new);
        assertThat(after.images().toArray()).containsExactly(handedOut.images().toArray());
        ClassActor.Images replay = intake.askClass("cat", replyTo -> new ClassActor.ReadImages(List.of(0, 1), replyTo));
        assertThat(replay.images()).hasSize(2);
        assertThat(intake.<IntakeActor.Sealed>ask(replyTo -> new IntakeActor.Seal("nobody", SealChange.NOW, replyTo))
                        .info())
                .isEmpty();
    }

    @Test
    @DisplayName("forgets a class entirely, never reuses its index, and accepts its name as a new class")
    void forgets() {
        intake.deliver(samples("cat", 30, 1));
        intake.deliver(samples("dog", 3, 2));

        IntakeActor.Forgotten forgotten = intake.ask(replyTo -> new IntakeActor.Forget("cat", replyTo));

        assertThat(forgotten.existed()).isTrue();
        assertThat(intake.<IntakeActor.Forgotten>ask(replyTo -> new IntakeActor.Forget("cat", replyTo))
                        .existed())
                .isFalse();
        assertThat(intake.overview().infos()).extracting(ClassInfo::label).containsExactly("dog");

        restart();
        intake.deliver(samples("cat", 30, 1));

        assertThat(intake.overview().infos())
                .extracting(ClassInfo::label, ClassInfo::index, ClassInfo::seen)
                .containsExactly(tuple("dog", 1, 3L), tuple("cat", 2, 30L));
    }

    @Test
    @DisplayName("deletes all rows of a class that is forgotten while samples arrive")
    void forgetsWhileSamplesArrive() {
        intake.deliver(samples("dog", 3, 2));
        long before = join(intake.store().size());
        intake.deliver(samples("cat", 1, 0));
        for (int i = 0; i < 20; i++) {
            intake.deliverAsync(samples("cat", 2000, i));
        }

        IntakeActor.Forgotten forgotten = intake.ask(replyTo -> new IntakeActor.Forget("cat", replyTo));

        assertThat(forgotten.existed()).isTrue();
        assertThat(join(intake.store().size())).isLessThan(before + 4096);
    }

    @Test
    @DisplayName("forgets a class whose first samples are still being stored, so that it does not appear afterwards")
    void forgetsClassBeingRegistered() {
        CompletionStage<DeliveryOutcome> first = intake.deliverAsync(samples("cat", 5, 1));
        CompletionStage<IntakeActor.Forgotten> forgetting =
                intake.askAsync(replyTo -> new IntakeActor.Forget("cat", replyTo));
        CompletionStage<DeliveryOutcome> other = intake.deliverAsync(samples("dog", 5, 1));

        assertThat(join(first)).isIn(DeliveryOutcome.Deferred.FORGETTING, new DeliveryOutcome.Accepted(5, 0));
        assertThat(join(forgetting).existed() || join(first).equals(DeliveryOutcome.Deferred.FORGETTING))
                .isTrue();
        assertThat(join(other)).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
        assertThat(intake.overview().infos()).extracting(ClassInfo::label).containsExactly("dog");
    }

    @Test
    @DisplayName("accepts images of another shape when all classes are forgotten, also after a restart")
    void acceptsAnotherShape() {
        intake.deliver(samples("cat", 1, 1));
        intake.<IntakeActor.Forgotten>ask(replyTo -> new IntakeActor.Forget("cat", replyTo));
        List<Sample> larger = List.of(sample("dog", "large", Image.of(new ImageShape(3, 5, 5), new byte[75])));

        assertThat(intake.deliver(larger)).isEqualTo(new DeliveryOutcome.Accepted(1, 0));
        assertThat(intake.deliver(samples("cat", 1, 1))).isInstanceOf(DeliveryOutcome.Refused.class);

        restart();

        assertThat(intake.deliver(larger)).isEqualTo(new DeliveryOutcome.Accepted(0, 1));
        assertThat(intake.info("dog").seen()).isEqualTo(1);
        assertThat(intake.deliver(samples("cat", 1, 1))).isInstanceOf(DeliveryOutcome.Refused.class);
    }
}
