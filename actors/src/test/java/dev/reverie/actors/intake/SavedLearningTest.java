package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.sample;
import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("While classes learn, the intake")
class SavedLearningTest extends AbstractIntakeTest {

    @Test
    @DisplayName("has synthetic images of a class from its first sample on")
    void hasImagesAtOnce() {
        Image only = Samples.images(1, 1).getFirst();
        intake.deliver(List.of(sample("cat", "a", only)));

        ClassSnapshot snapshot = intake.askClass("cat", ClassActor.TakeSnapshot::new);

        assertThat(snapshot.images().count()).isEqualTo(2);
        assertThat(snapshot.images().values(0)[5]).isEqualTo((double) (float) only.values()[5]);
        assertThat(intake.info("cat").phase()).isEqualTo(ClassPhase.COLLECTING);
    }

    @Test
    @DisplayName("saves learned images when an outer iteration begins, and restores them after a restart")
    void savesLearnedImages() {
        intake.deliver(samples("cat", 30, 1));
        ClassActor.Candidates candidates =
                intake.askClass("cat", replyTo -> new ClassActor.FindCandidates(10, 1, replyTo));
        intake.<Done>askClass(
                "cat", replyTo -> new ClassActor.Initialise(candidates.images().subList(0, 2), replyTo));
        intake.<ClassActor.RepresentativesSet>askClass(
                "cat",
                replyTo -> new ClassActor.SetRepresentatives(
                        candidates.indices().subList(1, 3), LoopPosition.START, replyTo));

        ClassVisit visit = new ClassVisit(LoopPosition.START, 0, 0, 1);
        intake.deliver(samples("cat", 200, 2));
        ClassActor.Batch batch = intake.askClass("cat", replyTo -> new ClassActor.PrepareBatch(visit, replyTo));
        ImageBatch gradient = ImageBatch.of(Samples.SHAPE, Samples.floats(32, new SplittableRandom(3)));
        intake.<ClassActor.VisitEnded>askClass(
                "cat", replyTo -> new ClassActor.ApplyGradient(visit, gradient, replyTo));
        intake.classActor("cat").tell(new ClassActor.Clamp());
        ClassSnapshot learned = intake.askClass("cat", ClassActor.TakeSnapshot::new);
        // The first reply may come before the class begins to save, the next one comes after it has saved.
        intake.<ClassSnapshot>askClass("cat", ClassActor.TakeSnapshot::new);
        restart();

        assertThat(candidates.images()).hasSize(10);
        assertThat(pixels(batch.task().real()))
                .isEqualTo(pixels(candidates.images().subList(1, 3)));
        assertThat(intake.info("cat"))
                .extracting(view -> view.phase(), view -> view.innerLoops())
                .containsExactly(ClassPhase.DISTILLING, 1L);
        ClassSnapshot restored = intake.askClass("cat", ClassActor.TakeSnapshot::new);
        assertThat(restored.images().toArray()).containsExactly(learned.images().toArray());
        assertThat(restored.velocity().toArray())
                .containsExactly(learned.velocity().toArray());
        assertThat(restored.average().toArray())
                .containsExactly(learned.average().toArray());
    }

    @Test
    @DisplayName("saves learned images when it is drained, and then defers all deliveries")
    void drains() {
        intake.deliver(samples("cat", 30, 1));
        ClassActor.Candidates candidates =
                intake.askClass("cat", replyTo -> new ClassActor.FindCandidates(2, 1, replyTo));
        intake.<Done>askClass("cat", replyTo -> new ClassActor.Initialise(candidates.images(), replyTo));
        ClassVisit visit = new ClassVisit(LoopPosition.START, 0, 0, 1);
        intake.<ClassActor.VisitEnded>askClass(
                "cat",
                replyTo -> new ClassActor.ApplyGradient(
                        visit, ImageBatch.of(Samples.SHAPE, Samples.floats(32, new SplittableRandom(3))), replyTo));

        intake.drain();

        assertThat(intake.deliver(samples("cat", 1, 2))).isEqualTo(DeliveryOutcome.Deferred.DRAINING);
        restart();
        assertThat(intake.info("cat").innerLoops()).isEqualTo(1);
    }

    @Test
    @DisplayName("stores all samples that have arrived before it is drained")
    void drainsSamples() {
        List<CompletionStage<DeliveryOutcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            outcomes.add(intake.deliverAsync(samples("cat", 10, i)));
        }
        intake.drain();

        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.toCompletableFuture())
                .isCompletedWithValue(new DeliveryOutcome.Accepted(10, 0)));
    }

    @Test
    @DisplayName("persists the phases of a class")
    void persistsPhases() {
        intake.deliver(samples("cat", 30, 1));

        intake.<Done>askClass("cat", replyTo -> new ClassCommand.EnterPhase(ClassPhase.CONVERGED, replyTo));
        restart();

        assertThat(intake.info("cat").phase()).isEqualTo(ClassPhase.CONVERGED);
    }

    private static List<String> pixels(List<Image> images) {
        return images.stream()
                .map(image -> {
                    byte[] levels = new byte[image.shape().size()];
                    for (int i = 0; i < levels.length; i++) {
                        levels[i] = (byte) image.level(i);
                    }
                    return Arrays.toString(levels);
                })
                .toList();
    }
}
