package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.DeliveryOutcome.Accepted;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.lifecycle.ClassInfos;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A merge")
class ClassMergeTest {

    private static final ClassInfo PUPPY = ClassInfos.of(0, "puppy", ClassPhase.CONVERGED, 9);

    @AutoClose("shutdownTestKit")
    private final ActorTestKit kit = ActorTestKit.create();

    private final TestProbe<ClassMessage> puppy = kit.createTestProbe();
    private final List<Sample> delivered = new ArrayList<>();

    private CompletionStage<DeliveryOutcome> merge() {
        ServiceActorRefs actors = new ServiceActorRefs(
                kit.<IntakeActor.Command>createTestProbe().ref(),
                kit.<ServiceCommand>createTestProbe().ref(),
                _ -> true,
                kit.scheduler());
        return new ClassMerge(actors, this::admit, new OpenClass(PUPPY, false, puppy.ref()), "dog").run();
    }

    private CompletionStage<DeliveryOutcome> admit(Delivery delivery) {
        delivered.addAll(delivery.samples());
        return CompletableFuture.completedStage(new Accepted(delivery.samples().size(), 0));
    }

    private void replyWithImages(int images, long next) {
        puppy.expectMessageClass(ClassCommand.GetRealImages.class)
                .replyTo()
                .tell(new ClassCommand.RealImages(
                        FingerprintBlock.of(new long[2 * images]), Samples.images(images, 1), next));
    }

    private void replyToSeal(long at, ClassPhase phase) {
        ClassCommand.SealAt seal = puppy.expectMessageClass(ClassCommand.SealAt.class);
        assertThat(seal.seen()).isEqualTo(at);
        seal.replyTo().tell(ClassInfos.of(0, "puppy", phase, PUPPY.seen()));
    }

    @Test
    @DisplayName("delivers page after page, and ends when the class is sealed after the last")
    void pages() {
        CompletionStage<DeliveryOutcome> merged = merge();
        replyWithImages(2, 5);
        replyToSeal(5, ClassPhase.CONVERGED);
        replyWithImages(1, 9);
        replyToSeal(9, ClassPhase.SEALED);

        assertThat(merged.toCompletableFuture().join()).isEqualTo(new Accepted(3, 0));
        assertThat(delivered).hasSize(3);
    }

    @Test
    @DisplayName("fails if somebody else seals the class meanwhile, which drops the other images")
    void sealedMeanwhile() {
        CompletionStage<DeliveryOutcome> merged = merge();
        replyWithImages(2, 5);
        replyToSeal(5, ClassPhase.SEALED);

        assertThatThrownBy(() -> merged.toCompletableFuture().join())
                .hasCauseInstanceOf(UnavailableException.class)
                .hasMessageContaining("'puppy' was sealed meanwhile")
                .hasMessageContaining("the class 'dog' has 2 of them");
    }

    @Test
    @DisplayName("fails with advice if the class gets images without end")
    void neverEnds() {
        CompletionStage<DeliveryOutcome> merged = merge();
        for (int seen = 1; seen <= 1000; seen++) {
            replyWithImages(1, seen);
            replyToSeal(seen, ClassPhase.CONVERGED);
        }

        assertThatThrownBy(() -> merged.toCompletableFuture().join())
                .hasCauseInstanceOf(UnavailableException.class)
                .hasMessageContaining("let its senders use the label 'dog'");
        puppy.expectNoMessage();
    }
}
