package dev.reverie.actors.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.loop.LoopCommand.VisitMatched;
import dev.reverie.actors.loop.LoopCommand.VisitSkipped;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.worker.PlayedWorker;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An inner loop")
class InnerLoopTest {

    private static final LoopPosition POSITION = new LoopPosition(1, 4);

    @AutoClose("shutdownTestKit")
    private final ActorTestKit testKit = ActorTestKit.create();

    private final ManualClock source = new ManualClock();
    private final List<TelemetryEvent> events = new ArrayList<>();
    private final TestInbox<ClassActor.Command> owner = TestInbox.create();
    private final InnerLoop loop = new InnerLoop(
            POSITION, List.of(assigned(0), assigned(1)), new TimeLimitClock(source, Optional.empty()), events::add);

    @Test
    @DisplayName("has no visits before it is open, then one per class in order")
    void visitsEachClassOnce() {
        Optional<ClassVisit> early = next();
        loop.open(0);

        assertThat(early).isEmpty();
        assertThat(next()).hasValue(new ClassVisit(POSITION, 0, 0, 2));
        assertThat(next()).hasValue(new ClassVisit(POSITION, 1, 1, 2));
        assertThat(loop.nextVisit()).isEmpty();
    }

    @Test
    @DisplayName("is complete when every visit was reported, in any order")
    void waitsForEveryReport() {
        loop.open(0);
        ClassVisit first = next().orElseThrow();
        ClassVisit second = next().orElseThrow();

        assertThat(loop.isComplete()).isFalse();
        loop.skipped(new VisitSkipped(second, "no"));
        assertThat(loop.isComplete()).isFalse();
        loop.matched(matched(first, 1));
        assertThat(loop.isComplete()).isTrue();
    }

    @Test
    @DisplayName("accepts each report once")
    void refusesUnknownReports() {
        loop.open(0);
        ClassVisit visit = next().orElseThrow();
        loop.matched(matched(visit, 1));

        assertThatIllegalStateException().isThrownBy(() -> loop.matched(matched(visit, 1)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("is not closed by the late end of the training of a loop that was abandoned")
    void lateTraining(boolean fails) {
        CompletableFuture<WorkerReply.Result<TrainMatchingNetworkOutcome>> training = new CompletableFuture<>();
        TestProbe<Boolean> running = testKit.createTestProbe();
        testKit.spawn(Behaviors.<LoopCommand>setup(context -> {
            InnerLoopDriver<LoopCommand> driver = new InnerLoopDriver<>(
                    context,
                    command -> command,
                    new TrainingOwner(training),
                    new TimeLimitClock(source, Optional.empty()),
                    events::add);
            LoopCommand.Assigned visit = assigned(0);
            driver.begin(POSITION, List.of(visit));
            driver.open(0);
            driver.on(new LoopCommand.NextVisit(
                    testKit.<LoopCommand.VisitReply>createTestProbe().ref()));
            driver.on(new VisitSkipped(visit.visit(), "no"));
            driver.abandon();
            driver.begin(POSITION, List.of(assigned(1)));
            return Behaviors.receiveMessage(command -> {
                driver.on(command);
                running.ref().tell(driver.isRunning());
                return Behaviors.same();
            });
        }));

        if (fails) {
            training.completeExceptionally(new IllegalStateException("no engine"));
        } else {
            training.complete(new WorkerReply.Failed<>("no"));
        }

        running.expectMessage(true);
        assertThat(events).noneMatch(InnerLoopCompleted.class::isInstance);
    }

    private record TrainingOwner(CompletableFuture<WorkerReply.Result<TrainMatchingNetworkOutcome>> training)
            implements InnerLoopDriver.LoopOwner {

        @Override
        public Optional<CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>>> train() {
            return Optional.of(training);
        }

        @Override
        public void onTrainingFailed(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void onLoopClosed(boolean matched) {
            // The driver says whether the loop is running.
        }
    }

    @Test
    @DisplayName("publishes the mean loss of the matched classes, its seconds, and those inside the worker")
    void sumsUp() {
        loop.open(1);
        loop.matched(matched(next().orElseThrow(), 3));
        loop.skipped(new VisitSkipped(next().orElseThrow(), "no"));
        loop.trained(new WorkerReply.Completed<>(new TrainMatchingNetworkOutcome(0.7), 0.25));
        source.advance(Duration.ofSeconds(2));

        loop.close();

        assertThat(events).endsWith(new InnerLoopCompleted(1, 4, 3, 0.7, 2, 1.75, 2));
    }

    @Test
    @DisplayName("has no losses if no class was matched and the network was not trained")
    void mayHaveNoLosses() {
        loop.open(0);
        loop.skipped(new VisitSkipped(next().orElseThrow(), "no"));
        loop.skipped(new VisitSkipped(next().orElseThrow(), "no"));

        loop.close();

        assertThat(events).endsWith(new InnerLoopCompleted(1, 4, Double.NaN, Double.NaN, 0, 0, 0));
    }

    @Test
    @DisplayName("publishes the result of each visit")
    void publishes() {
        loop.open(0);

        loop.matched(new VisitMatched(next().orElseThrow(), 3, List.of(1.0, 2.0), 0.01, 0.5));
        loop.skipped(new VisitSkipped(next().orElseThrow(), "no"));

        assertThat(events)
                .containsExactly(
                        new TelemetryEvent.ClassMatched(0, 1, 4, 3, List.of(1.0, 2.0), 0.01, 0.5),
                        new TelemetryEvent.ClassSkipped(1, 1, 4, "no"));
    }

    private static VisitMatched matched(ClassVisit visit, double loss) {
        return new VisitMatched(visit, loss, List.of(loss), 0.01, 0.5);
    }

    private Optional<ClassVisit> next() {
        return loop.nextVisit().map(LoopCommand.Assigned::visit);
    }

    private LoopCommand.Assigned assigned(int classIndex) {
        return new LoopCommand.Assigned(
                new ClassVisit(POSITION, classIndex, classIndex, 2),
                new ClassClient(classIndex, "class " + classIndex, 4, owner.getRef()),
                new PlayedWorker(testKit).pool(1));
    }
}
