package dev.reverie.actors.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.registry.ClassHandle;
import dev.reverie.actors.registry.ClassNotification;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.EvaluationReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.PostStop;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The evaluation of the memory")
@Timeout(120)
class EvaluationActorTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration INTERVAL = Duration.ofMinutes(10);
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final int MIN_IMAGES = 4;
    private static final int MAX_IMAGES = 6;

    private final TestInbox<IntakeActor.Command> intake = TestInbox.create();
    private final List<TelemetryEvent> events = new ArrayList<>();
    private final ManualClock clock = new ManualClock();
    private final ScriptedTrainer trainer = new ScriptedTrainer();
    private Executor threads = Runnable::run;
    private CompletionStage<Optional<DistilledSet>> memory = of("cat", "dog");
    private int taken;
    private ActorRef<ClassNotification> follower =
            TestInbox.<ClassNotification>create().getRef();
    private BehaviorTestKit<EvaluationActor.Command> evaluation = limitedTo(1 << 20);

    private BehaviorTestKit<EvaluationActor.Command> limitedTo(long maxBytes) {
        EvaluationPolicy policy = new EvaluationPolicy(INTERVAL, MIN_IMAGES, MAX_IMAGES, maxBytes, 1, trainer);
        BehaviorTestKit<EvaluationActor.Command> actor =
                BehaviorTestKit.create(EvaluationActor.create(new EvaluationActor.Plan(
                        policy, this::takeMemory, intake.getRef(), clock, work -> threads.execute(work), events::add)));
        follower = ((IntakeActor.Subscribe) intake.receiveMessage()).subscriber();
        return actor;
    }

    private CompletionStage<Optional<DistilledSet>> takeMemory() {
        taken++;
        return memory;
    }

    @Test
    @DisplayName("trains a network on a copy of the memory and tests it on images that were received later")
    void prequential() {
        // given
        List<Sample> before = Memories.samples(1, "cat");
        List<Sample> inTransit = Memories.samples(2, "dog");
        List<Sample> after = Memories.samples(2, "cat", "dog");
        accept(before);
        pass(WINDOW);
        Instant moment = clock.instant();
        memory = of("what", "comes", "later");
        pass(MOMENT);

        // when
        evaluation.run(new EvaluationActor.SamplesAccepted(moment, inTransit));
        accept(after);
        pass(WINDOW);

        // then
        TelemetryEvent.MemoryEvaluated outcome = evaluated();
        TrainingInput nextInput = trainer.nextInput();
        assertThat(nextInput.memory().classes().names()).containsExactly("cat", "dog");
        assertThat(nextInput.test())
                .extracting(LabelledImage::image)
                .containsExactlyInAnyOrderElementsOf(images(after));
        assertThat(outcome.taken()).isEqualTo(moment);
        assertThat(outcome.ended()).isEqualTo(clock.instant());
        assertThat(outcome.images()).isEqualTo(4);
        assertThat(outcome.accuracy()).isEqualTo(0.5);
    }

    @Test
    @DisplayName("waits for enough images and for its window, and keeps at most the maximum of images")
    void waits() {
        pass(WINDOW);
        accept(MOMENT, Memories.samples(1, "cat", "dog"));
        pass(WINDOW);
        assertThat(events).isEmpty();
        accept(Memories.samples(20, "cat"));
        pass(MOMENT);
        assertThat(evaluated().images()).isEqualTo(MAX_IMAGES);

        pass(INTERVAL);
        accept(MOMENT, Memories.samples(20, "cat"));
        pass(WINDOW.minus(MOMENT).minusMillis(1));
        assertThat(events).isEmpty();
        pass(Duration.ofMillis(1));
        evaluated();
    }

    @Test
    @DisplayName("copies the memory again one interval after the last copy")
    void interval() {
        pass(WINDOW);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        pass(WINDOW);
        Instant first = evaluated().taken();

        pass(INTERVAL.minus(WINDOW).minus(MOMENT).minusMillis(1));
        assertThat(taken).isEqualTo(1);
        pass(Duration.ofMillis(1));

        assertThat(taken).isEqualTo(2);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        pass(WINDOW);
        assertThat(evaluated().taken()).isEqualTo(first.plus(INTERVAL));
    }

    @Test
    @DisplayName("waits for a memory of at least two classes")
    void fewClasses() {
        for (CompletionStage<Optional<DistilledSet>> each : List.of(
                of("cat"),
                CompletableFuture.<Optional<DistilledSet>>completedStage(Optional.empty()),
                CompletableFuture.<Optional<DistilledSet>>failedStage(new IllegalStateException("being read")))) {
            memory = each;
            pass(WINDOW);
            accept(MOMENT, Memories.samples(4, "cat"));
        }
        assertThat(events).isEmpty();

        memory = of("cat", "dog");
        pass(MOMENT);
        accept(MOMENT, Memories.samples(4, "cat"));
        pass(WINDOW);

        evaluated();
    }

    @Test
    @DisplayName("copies the memory every interval while no images arrive, or images of classes that the copy lacks")
    void freshMemory() {
        pass(WINDOW);
        pass(INTERVAL);
        assertThat(taken).isEqualTo(2);
        accept(MOMENT, Memories.samples(3, "cat", "bird"));
        memory = of("cat", "dog", "bird");
        pass(INTERVAL);
        assertThat(taken).isEqualTo(3);

        accept(MOMENT, Memories.samples(3, "cat", "bird"));
        pass(WINDOW);

        TelemetryEvent.MemoryEvaluated outcome = evaluated();
        assertThat(outcome.accuracies()).hasSize(2);
        assertThat(outcome.leftOut()).isZero();
    }

    @Test
    @DisplayName("keeps its copy while images arrive slowly")
    void slowly() {
        pass(WINDOW);
        for (int i = 0; i < MIN_IMAGES; i++) {
            pass(INTERVAL);
            accept(MOMENT, Memories.samples(1, "cat"));
            if (i == 0) {
                assertThat(taken).isEqualTo(2);
            }
        }
        pass(MOMENT);

        assertThat(evaluated().images()).isEqualTo(MIN_IMAGES);
        assertThat(taken).isEqualTo(2);
    }

    @Test
    @DisplayName("publishes every failure, warns of the first in a row, and tries again an interval later")
    void failures() {
        trainer.fail("no room on the device");
        pass(WINDOW);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        pass(WINDOW);
        pass(INTERVAL);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        pass(WINDOW);

        String reason =
                "evaluating the memory failed (no room on the device); the next evaluation begins as usual, so nothing"
                        + " needs to be done unless this recurs";
        assertThat(events)
                .containsExactly(
                        new TelemetryEvent.EvaluationFailed(reason),
                        new TelemetryEvent.Warning(reason),
                        new TelemetryEvent.EvaluationFailed(reason));
        events.clear();
        trainer.recover();
        pass(INTERVAL);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        pass(WINDOW);
        evaluated();
    }

    @Test
    @DisplayName("reports a memory that exceeds the limit instead of holding a copy")
    void tooLarge() {
        int test = MIN_IMAGES * Samples.SHAPE.size();
        evaluation = limitedTo(2L * Memories.BYTES_PER_CLASS + test - 1);

        pass(WINDOW);

        assertThat(events)
                .hasSize(2)
                .first()
                .asString()
                .contains("it needs more than 319 bytes; raise reverie.evaluation.max-bytes");
    }

    @Test
    @DisplayName("discards copy and images when a class is forgotten or sealed, and starts again a window later")
    void classesGo() {
        for (ClassNotification notification : List.of(
                new ClassNotification.ClassForgotten(1), new ClassNotification.PhaseChanged(0, ClassPhase.SEALED))) {
            pass(INTERVAL);
            accept(MOMENT, Memories.samples(2, "cat", "dog"));
            notify(notification);
            pass(WINDOW.minusMillis(1));
            assertThat(events).isEmpty();
            int before = taken;
            pass(Duration.ofMillis(1));
            assertThat(taken).isEqualTo(before + 1);
            accept(MOMENT, Memories.samples(2, "cat", "dog"));
            pass(WINDOW);
            evaluated();
        }
    }

    @Test
    @DisplayName("copies no memory just after a class was removed, since the copy may be older")
    void waitsAfterRemoval() {
        pass(WINDOW.minusMillis(1));
        notify(new ClassNotification.ClassForgotten(1));
        pass(WINDOW.minusMillis(1));
        assertThat(taken).isZero();

        pass(Duration.ofMillis(1));

        assertThat(taken).isEqualTo(1);
    }

    @Test
    @DisplayName("ignores new classes and classes that have converged")
    void otherNotifications() {
        pass(WINDOW);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));

        notify(new ClassNotification.ClassAdded(new ClassHandle(
                2,
                "bird",
                ClassPhase.COLLECTING,
                1,
                false,
                TestInbox.<ClassMessage>create().getRef())));
        notify(new ClassNotification.PhaseChanged(0, ClassPhase.CONVERGED));
        pass(WINDOW);

        evaluated();
    }

    @Test
    @DisplayName("stops a training when a class is removed, and ignores its result")
    void stopsTheTraining() {
        CompletableFuture<Void> training = unendingTraining();

        notify(new ClassNotification.ClassForgotten(1));

        assertThat(training).succeedsWithin(TIMEOUT);
        runAll();
        assertThat(events).isEmpty();
        pass(WINDOW);
        assertThat(taken).isEqualTo(2);
    }

    @Test
    @DisplayName("stops its training when it stops")
    void stops() {
        CompletableFuture<Void> training = unendingTraining();

        evaluation.signal(PostStop.instance());

        assertThat(training).succeedsWithin(TIMEOUT);
        assertThat(events).isEmpty();
    }

    /** Starts a training that does not end by itself; completes when its thread ends. */
    private CompletableFuture<Void> unendingTraining() {
        CompletableFuture<Void> training = new CompletableFuture<>();
        threads = work -> Thread.startVirtualThread(() -> {
            work.run();
            training.complete(null);
        });
        trainer.neverEnd();
        pass(WINDOW);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        pass(WINDOW);
        assertThat(trainer.nextInput().test()).hasSize(MIN_IMAGES);
        return training;
    }

    private void pass(Duration time) {
        clock.advance(time);
        evaluation.run(new EvaluationActor.Tick());
        runAll();
    }

    /** Handles the messages that the actor has sent to itself. */
    private void runAll() {
        while (evaluation.selfInbox().hasMessages()) {
            evaluation.runOne();
        }
    }

    private void notify(ClassNotification notification) {
        follower.tell(notification);
        runAll();
    }

    private void accept(Duration later, List<Sample> samples) {
        clock.advance(later);
        accept(samples);
    }

    private void accept(List<Sample> samples) {
        evaluation.run(new EvaluationActor.SamplesAccepted(clock.instant(), samples));
    }

    /** Returns the only event and fails if there are others. */
    private TelemetryEvent.MemoryEvaluated evaluated() {
        TelemetryEvent.MemoryEvaluated outcome = (TelemetryEvent.MemoryEvaluated)
                assertThat(events).singleElement().actual();
        events.clear();
        return outcome;
    }

    private static CompletionStage<Optional<DistilledSet>> of(String... names) {
        return CompletableFuture.completedStage(Optional.of(Memories.of(names)));
    }

    private static List<Image> images(List<Sample> samples) {
        return samples.stream().map(Sample::image).toList();
    }

    /** The arguments of a training. */
    private record TrainingInput(DistilledSet memory, List<LabelledImage> test) {}

    /** Reports an accuracy of one half, fails, or continues until it is stopped. */
    private static final class ScriptedTrainer implements EvaluationNetworkTrainer {

        private final BlockingQueue<TrainingInput> inputs = new LinkedBlockingQueue<>();
        private volatile Optional<String> failure = Optional.empty();
        private volatile boolean unending;

        void fail(String reason) {
            failure = Optional.of(reason);
        }

        void recover() {
            failure = Optional.empty();
        }

        void neverEnd() {
            unending = true;
        }

        /** Waits for the next training. */
        TrainingInput nextInput() {
            try {
                return Optional.ofNullable(inputs.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                        .orElseThrow();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public EvaluationReport trainAndTest(
                DistilledSet memory, List<LabelledImage> test, EvaluationProgress progress) {
            inputs.add(new TrainingInput(memory, test));
            failure.ifPresent(reason -> {
                throw new IllegalStateException(reason);
            });
            do {
                progress.step();
            } while (unending);
            List<Double> half = Collections.nCopies(memory.classes().size(), 0.5);
            return new EvaluationReport(List.of(0.5), List.of(0.5), List.of(half));
        }
    }
}
