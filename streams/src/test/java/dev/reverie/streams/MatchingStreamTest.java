package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.run.RunCommand;
import dev.reverie.actors.schedule.Position;
import dev.reverie.actors.schedule.Visit;
import dev.reverie.actors.worker.GpuWorkerActor;
import dev.reverie.actors.worker.PatientWorker;
import dev.reverie.actors.worker.Reply;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.method.MatchOutcome;
import dev.reverie.gpu.method.MatchTask;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The matching stream")
class MatchingStreamTest {

    private static final Duration NOTHING_FOR = Duration.ofMillis(200);
    private static final int CLASSES = 5;
    private static final ImageBatch IMAGES = ImageBatch.of(Runs.SHAPE, new float[Runs.SHAPE.size()]);

    private final ActorTestKit testKit = ActorTestKit.create(ConfigFactory.load("reverie"));
    private final TestProbe<RunCommand> coordinator = testKit.createTestProbe();
    private final TestProbe<ClassActor.Command> owner = testKit.createTestProbe();
    private final TestProbe<GpuWorkerActor.Command> worker = testKit.createTestProbe();
    private CompletionStage<Done> end;

    @BeforeEach
    void run() {
        end = MatchingStream.of(coordinator.ref(), testKit.system()).run(testKit.system());
    }

    @AfterEach
    void shutDown() {
        testKit.shutdownTestKit();
    }

    @Test
    @DisplayName("prepares one batch ahead of the worker and asks for no more until it is wanted")
    void keepsOneBatchAhead() {
        // given
        prepare(0);
        prepare(1);

        // then
        worker.expectMessageClass(GpuWorkerActor.Match.class);
        coordinator.expectNoMessage(NOTHING_FOR);
        owner.expectNoMessage(NOTHING_FOR);
        worker.expectNoMessage(NOTHING_FOR);
    }

    @Test
    @DisplayName("carries a gradient to the class it belongs to, and reports when it was applied")
    void carriesGradientsBack() {
        // given
        Visit visit = prepare(0);
        MatchOutcome outcome = new MatchOutcome(2.5, IMAGES);

        // when
        GpuWorkerActor.Match match = worker.expectMessageClass(GpuWorkerActor.Match.class);
        match.replyTo().tell(new Reply.Completed<>(outcome, 0.25));

        // then
        var apply = owner.expectMessageClass(ClassActor.ApplyGradient.class);
        assertThat(apply.visit()).isEqualTo(visit);
        assertThat(apply.gradient()).isSameAs(outcome.gradient());
        coordinator.expectMessageClass(RunCommand.NextVisit.class);
        coordinator.expectNoMessage(NOTHING_FOR);
        apply.replyTo().tell(Done.getInstance());
        coordinator.expectMessage(new RunCommand.VisitMatched(visit, 2.5, 0.25));
    }

    @Test
    @DisplayName("tries a batch that failed once more, the same one, and then lets the class skip it")
    void skipsAfterASecondTry() {
        // given
        Visit visit = prepare(0);
        coordinator.expectMessageClass(RunCommand.NextVisit.class);

        // when
        MatchTask first = failMatch("too hot");
        MatchTask second = failMatch("still too hot");

        // then
        assertThat(second).isSameAs(first);
        var skip = owner.expectMessageClass(ClassActor.Skip.class);
        skip.replyTo().tell(Done.getInstance());
        coordinator.expectMessage(new RunCommand.VisitSkipped(visit, "still too hot"));
    }

    @Test
    @DisplayName("completes when there are no more visits")
    void completes() {
        // when
        coordinator.expectMessageClass(RunCommand.NextVisit.class).replyTo().tell(new RunCommand.NoMoreVisits());

        // then
        assertThat(Runs.await(end)).isEqualTo(Done.getInstance());
    }

    private Visit prepare(int turn) {
        Visit visit = new Visit(Position.START, turn, turn, CLASSES);
        var assigned =
                new RunCommand.Assigned(visit, owner.ref(), new PatientWorker(worker.ref(), testKit.scheduler()));
        coordinator.expectMessageClass(RunCommand.NextVisit.class).replyTo().tell(assigned);
        var request = owner.expectMessageClass(ClassActor.PrepareBatch.class);
        assertThat(request.visit()).isEqualTo(visit);
        MatchTask task = new MatchTask(visit.network(), turn, Runs.images(1, 0), IMAGES, 0);
        request.replyTo().tell(new ClassActor.Batch(visit, task));
        return visit;
    }

    private MatchTask failMatch(String reason) {
        GpuWorkerActor.Match match = worker.expectMessageClass(GpuWorkerActor.Match.class);
        match.replyTo().tell(new Reply.Failed<>(reason));
        return match.task();
    }
}
