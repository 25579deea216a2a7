package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.loop.LoopCommand;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.worker.PlayedWorker;
import dev.reverie.actors.worker.PlayedWorker.AskedJob;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The matching stream")
class MatchingStreamTest {

    private static final Duration NOTHING_FOR = Duration.ofMillis(200);
    private static final int CLASSES = 5;
    private static final double SECONDS = 0.25;
    private static final ClassActor.VisitEnded ENDED = new ClassActor.VisitEnded(0.01);
    private static final ImageBatch IMAGES = ImageBatch.of(RunSettings.SHAPE, new float[RunSettings.SHAPE.size()]);

    @AutoClose("shutdownTestKit")
    private final ActorTestKit testKit = ActorTestKit.create(ConfigFactory.load("reverie"));

    private final TestProbe<LoopCommand> coordinator = testKit.createTestProbe();
    private final TestProbe<ClassActor.Command> owner = testKit.createTestProbe();
    private final PlayedWorker worker = new PlayedWorker(testKit);
    private CompletionStage<Done> end;

    @BeforeEach
    void run() {
        end = new MatchingStream<>(coordinator.ref(), Function.identity(), 1, testKit.scheduler())
                .graph()
                .run(testKit.system());
    }

    @Test
    @DisplayName("prepares one batch while the worker computes another, and no third")
    void keepsOneBatchAhead() {
        prepare(0);
        prepare(1);

        assertThat(worker.receive("match").task(MatchTask.class).output()).isZero();
        assertThat(worker.receive("match").task(MatchTask.class).output()).isOne();
        coordinator.expectNoMessage(NOTHING_FOR);
        owner.expectNoMessage(NOTHING_FOR);
    }

    @Test
    @DisplayName("prepares the next batch as soon as the worker has computed one, before its gradient is applied")
    void preparesWhileAGradientIsApplied() {
        prepare(0);
        prepare(1);

        complete(worker.receive("match"), 1);

        owner.expectMessageClass(ClassActor.ApplyGradient.class);
        prepare(2);
        worker.receive("match");
        assertThat(worker.receive("match").task(MatchTask.class).output()).isEqualTo(2);
    }

    @Test
    @DisplayName("reports in the order of the visits, even if a batch overtakes one that is retried")
    void reportsInOrder() {
        ClassVisit first = prepare(0);
        ClassVisit second = prepare(1);
        AskedJob failing = worker.receive("match");
        AskedJob waiting = worker.receive("match");

        failing.fail("too hot");
        complete(waiting, 2);
        complete(worker.receive("match"), 1);

        applied();
        applied();
        assertThat(report()).isEqualTo(matched(first, 1));
        assertThat(report()).isEqualTo(matched(second, 2));
    }

    @Test
    @DisplayName("applies the gradient of a batch whose successor fails, and skips only the successor")
    void survivesTheFailureOfAWaitingBatch() {
        ClassVisit first = prepare(0);
        ClassVisit second = prepare(1);

        complete(worker.receive("match"), 1);
        applied();
        failMatch("too hot");
        failMatch("still too hot");

        assertThat(report()).isEqualTo(matched(first, 1));
        owner.expectMessageClass(ClassActor.SkipVisit.class).replyTo().tell(ENDED);
        assertThat(report()).isEqualTo(new LoopCommand.VisitSkipped(second, "still too hot"));
    }

    @Test
    @DisplayName("carries a gradient to its class, and reports when it is applied")
    void carriesGradientsBack() {
        ClassVisit visit = prepare(0);

        complete(worker.receive("match"), 2.5);

        var apply = owner.expectMessageClass(ClassActor.ApplyGradient.class);
        assertThat(apply.visit()).isEqualTo(visit);
        assertThat(apply.gradient()).isSameAs(IMAGES);
        coordinator.expectMessageClass(LoopCommand.NextVisit.class);
        coordinator.expectNoMessage(NOTHING_FOR);
        apply.replyTo().tell(ENDED);
        coordinator.expectMessage(matched(visit, 2.5));
    }

    @Test
    @DisplayName("retries the same batch once, and then lets the class skip it")
    void skipsAfterARetry() {
        ClassVisit visit = prepare(0);
        coordinator.expectMessageClass(LoopCommand.NextVisit.class);

        MatchTask first = failMatch("too hot");
        MatchTask second = failMatch("still too hot");

        assertThat(second).isSameAs(first);
        var skip = owner.expectMessageClass(ClassActor.SkipVisit.class);
        skip.replyTo().tell(ENDED);
        coordinator.expectMessage(new LoopCommand.VisitSkipped(visit, "still too hot"));
    }

    @Test
    @DisplayName("completes when there are no more visits")
    void completes() {
        coordinator.expectMessageClass(LoopCommand.NextVisit.class).replyTo().tell(new LoopCommand.NoMoreVisits());

        assertThat(RunSettings.await(end)).isEqualTo(Done.getInstance());
    }

    private ClassVisit prepare(int turn) {
        ClassVisit visit = new ClassVisit(LoopPosition.START, turn, turn, CLASSES);
        var assigned = new LoopCommand.Assigned(
                visit, new ClassClient(visit.classIndex(), "class", 1, owner.ref()), worker.pool(1));
        coordinator.expectMessageClass(LoopCommand.NextVisit.class).replyTo().tell(assigned);
        var request = owner.expectMessageClass(ClassActor.PrepareBatch.class);
        assertThat(request.visit()).isEqualTo(visit);
        MatchTask task = new MatchTask(visit.network(), turn, RunSettings.images(1, 0), IMAGES, 0);
        request.replyTo().tell(new ClassActor.Batch(visit, task));
        return visit;
    }

    private static LoopCommand matched(ClassVisit visit, double loss) {
        return new LoopCommand.VisitMatched(visit, loss, blockLosses(loss), ENDED.change(), SECONDS);
    }

    private static List<Double> blockLosses(double loss) {
        return List.of(loss / 4, 3 * loss / 4);
    }

    private static void complete(AskedJob match, double loss) {
        match.reply(new WorkerReply.Completed<>(new MatchOutcome(loss, blockLosses(loss), IMAGES), SECONDS));
    }

    /** The next report to the coordinator; requests for visits are ignored. */
    private LoopCommand report() {
        LoopCommand message = coordinator.receiveMessage();
        return message instanceof LoopCommand.NextVisit ? report() : message;
    }

    private void applied() {
        owner.expectMessageClass(ClassActor.ApplyGradient.class).replyTo().tell(ENDED);
    }

    private MatchTask failMatch(String reason) {
        AskedJob match = worker.receive("match");
        match.fail(reason);
        return match.task(MatchTask.class);
    }
}
