package dev.reverie.actors.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.registry.ClassHandle;
import dev.reverie.actors.registry.ClassNotification;
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

@DisplayName("The evaluation of a memory that is learned")
@Timeout(120)
class EvaluationActorTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration INTERVAL = Duration.ofMinutes(10);
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final int FEWEST = 4;
    private static final int MOST = 6;

    private final TestInbox<IntakeActor.Command> intake = TestInbox.create();
    private final List<TelemetryEvent> told = new ArrayList<>();
    private final ManualClock clock = new ManualClock();
    private final Pupil pupil = new Pupil();
    private Executor threads = Runnable::run;
    private CompletionStage<Optional<DistilledSet>> memory = of("cat", "dog");
    private int taken;
    private ActorRef<ClassNotification> follower =
            TestInbox.<ClassNotification>create().getRef();
    private BehaviorTestKit<EvaluationActor.Command> evaluation = holding(1 << 20);

    private BehaviorTestKit<EvaluationActor.Command> holding(long maxBytes) {
        EvaluationPolicy policy = new EvaluationPolicy(INTERVAL, FEWEST, MOST, maxBytes, 1, pupil);
        BehaviorTestKit<EvaluationActor.Command> actor =
                BehaviorTestKit.create(EvaluationActor.create(new EvaluationPlan(
                        policy, this::takeMemory, intake.getRef(), clock, work -> threads.execute(work), told::add)));
        follower = ((IntakeActor.Subscribe) intake.receiveMessage()).subscriber();
        return actor;
    }

    private CompletionStage<Optional<DistilledSet>> takeMemory() {
        taken++;
        return memory;
    }

    @Test
    @DisplayName("trains a learner on the memory as it was, and tests it on images that came to the door later")
    void prequential() {
        // given
        List<Sample> before = Memories.samples(1, "cat");
        List<Sample> underway = Memories.samples(2, "dog");
        List<Sample> after = Memories.samples(2, "cat", "dog");
        accept(before);
        passes(WINDOW);
        Instant moment = clock.instant();
        memory = of("what", "comes", "later");
        passes(MOMENT);

        // when
        evaluation.run(new EvaluationActor.Accepted(moment, underway));
        accept(after);
        passes(WINDOW);

        // then
        TelemetryEvent.MemoryEvaluated outcome = evaluated();
        Lesson lesson = pupil.lesson();
        assertThat(lesson.memory().classNames()).containsExactly("cat", "dog");
        assertThat(lesson.test()).extracting(LabelledImage::image).containsExactlyInAnyOrderElementsOf(images(after));
        assertThat(outcome.taken()).isEqualTo(moment);
        assertThat(outcome.ended()).isEqualTo(clock.instant());
        assertThat(outcome.images()).isEqualTo(4);
        assertThat(outcome.accuracy()).isEqualTo(0.5);
    }

    @Test
    @DisplayName("waits until enough images have come, and at least for its window, and keeps no more than it may")
    void waits() {
        passes(WINDOW);
        accept(MOMENT, Memories.samples(1, "cat", "dog"));
        passes(WINDOW);
        assertThat(told).isEmpty();
        accept(Memories.samples(20, "cat"));
        passes(MOMENT);
        assertThat(evaluated().images()).isEqualTo(MOST);

        passes(INTERVAL);
        accept(MOMENT, Memories.samples(20, "cat"));
        passes(WINDOW.minus(MOMENT).minusMillis(1));
        assertThat(told).isEmpty();
        passes(Duration.ofMillis(1));
        evaluated();
    }

    @Test
    @DisplayName("takes the memory again one interval after the last time")
    void interval() {
        passes(WINDOW);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        passes(WINDOW);
        Instant first = evaluated().taken();

        passes(INTERVAL.minus(WINDOW).minus(MOMENT).minusMillis(1));
        assertThat(taken).isEqualTo(1);
        passes(Duration.ofMillis(1));

        assertThat(taken).isEqualTo(2);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        passes(WINDOW);
        assertThat(evaluated().taken()).isEqualTo(first.plus(INTERVAL));
    }

    @Test
    @DisplayName("waits for a memory with two classes to tell apart")
    void fewClasses() {
        for (CompletionStage<Optional<DistilledSet>> each : List.of(
                of("cat"),
                CompletableFuture.<Optional<DistilledSet>>completedStage(Optional.empty()),
                CompletableFuture.<Optional<DistilledSet>>failedStage(new IllegalStateException("being read")))) {
            memory = each;
            passes(WINDOW);
            accept(MOMENT, Memories.samples(4, "cat"));
        }
        assertThat(told).isEmpty();

        memory = of("cat", "dog");
        passes(MOMENT);
        accept(MOMENT, Memories.samples(4, "cat"));
        passes(WINDOW);

        evaluated();
    }

    @Test
    @DisplayName("takes the memory anew every interval while nothing comes, or what comes is of classes it lacks")
    void freshMemory() {
        passes(WINDOW);
        passes(INTERVAL);
        assertThat(taken).isEqualTo(2);
        accept(MOMENT, Memories.samples(3, "cat", "bird"));
        memory = of("cat", "dog", "bird");
        passes(INTERVAL);
        assertThat(taken).isEqualTo(3);

        accept(MOMENT, Memories.samples(3, "cat", "bird"));
        passes(WINDOW);

        TelemetryEvent.MemoryEvaluated outcome = evaluated();
        assertThat(outcome.classes()).hasSize(2);
        assertThat(outcome.leftOut()).isZero();
    }

    @Test
    @DisplayName("keeps its memory while images come slowly")
    void slowly() {
        passes(WINDOW);
        for (int i = 0; i < FEWEST; i++) {
            passes(INTERVAL);
            accept(MOMENT, Memories.samples(1, "cat"));
            if (i == 0) {
                assertThat(taken).isEqualTo(2);
            }
        }
        passes(MOMENT);

        assertThat(evaluated().images()).isEqualTo(FEWEST);
        assertThat(taken).isEqualTo(2);
    }

    @Test
    @DisplayName("counts every failure, warns of the first in a row, and tries again an interval later")
    void failures() {
        pupil.fail("no room on the device");
        passes(WINDOW);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        passes(WINDOW);
        passes(INTERVAL);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        passes(WINDOW);

        String reason = "the memory could not be evaluated: no room on the device";
        assertThat(told)
                .containsExactly(
                        new TelemetryEvent.EvaluationFailed(reason),
                        new TelemetryEvent.Warning(reason),
                        new TelemetryEvent.EvaluationFailed(reason));
        told.clear();
        pupil.recover();
        passes(INTERVAL);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        passes(WINDOW);
        evaluated();
    }

    @Test
    @DisplayName("says that a memory takes up more than it may, instead of holding it")
    void tooLarge() {
        int test = FEWEST * Samples.SHAPE.size();
        evaluation = holding(2L * Memories.BYTES_PER_CLASS + test - 1);

        passes(WINDOW);

        assertThat(told).hasSize(2).first().asString().contains("take up more than the 319 bytes");
    }

    @Test
    @DisplayName("drops everything when a class is forgotten or sealed, and begins anew a window later")
    void classesGo() {
        for (ClassNotification news :
                List.of(new ClassNotification.ClassForgotten(1), new ClassNotification.PhaseChanged(0, ClassPhase.SEALED))) {
            passes(INTERVAL);
            accept(MOMENT, Memories.samples(2, "cat", "dog"));
            hear(news);
            passes(WINDOW.minusMillis(1));
            assertThat(told).isEmpty();
            int before = taken;
            passes(Duration.ofMillis(1));
            assertThat(taken).isEqualTo(before + 1);
            accept(MOMENT, Memories.samples(2, "cat", "dog"));
            passes(WINDOW);
            evaluated();
        }
    }

    @Test
    @DisplayName("takes no memory just after a class is gone, as it may be one from before")
    void notJustAfter() {
        passes(WINDOW.minusMillis(1));
        hear(new ClassNotification.ClassForgotten(1));
        passes(WINDOW.minusMillis(1));
        assertThat(taken).isZero();

        passes(Duration.ofMillis(1));

        assertThat(taken).isEqualTo(1);
    }

    @Test
    @DisplayName("takes no notice of classes that come, or are learned")
    void otherNews() {
        passes(WINDOW);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));

        hear(new ClassNotification.ClassAdded(new ClassHandle(
                2,
                "bird",
                ClassPhase.COLLECTING,
                1,
                TestInbox.<ClassMessage>create().getRef())));
        hear(new ClassNotification.PhaseChanged(0, ClassPhase.CONVERGED));
        passes(WINDOW);

        evaluated();
    }

    @Test
    @DisplayName("stops a learner of a memory that has lost a class, and what it says counts no more")
    void stopsTheLearner() {
        CompletableFuture<Void> learner = patientLearner();

        hear(new ClassNotification.ClassForgotten(1));

        assertThat(learner).succeedsWithin(PATIENCE);
        runAll();
        assertThat(told).isEmpty();
        passes(WINDOW);
        assertThat(taken).isEqualTo(2);
    }

    @Test
    @DisplayName("stops its learner when it ends")
    void stops() {
        CompletableFuture<Void> learner = patientLearner();

        evaluation.signal(PostStop.instance());

        assertThat(learner).succeedsWithin(PATIENCE);
        assertThat(told).isEmpty();
    }

    /** Begins to learn and does not end by itself; completes when its thread is done. */
    private CompletableFuture<Void> patientLearner() {
        CompletableFuture<Void> learner = new CompletableFuture<>();
        threads = work -> Thread.startVirtualThread(() -> {
            work.run();
            learner.complete(null);
        });
        pupil.bePatient();
        passes(WINDOW);
        accept(MOMENT, Memories.samples(2, "cat", "dog"));
        passes(WINDOW);
        assertThat(pupil.lesson().test()).hasSize(FEWEST);
        return learner;
    }

    private void passes(Duration time) {
        clock.advance(time);
        evaluation.run(new EvaluationActor.Tick());
        runAll();
    }

    /** What it has told itself. */
    private void runAll() {
        while (evaluation.selfInbox().hasMessages()) {
            evaluation.runOne();
        }
    }

    private void hear(ClassNotification news) {
        follower.tell(news);
        runAll();
    }

    private void accept(Duration later, List<Sample> samples) {
        clock.advance(later);
        accept(samples);
    }

    private void accept(List<Sample> samples) {
        evaluation.run(new EvaluationActor.Accepted(clock.instant(), samples));
    }

    /** The only thing that was told. */
    private TelemetryEvent.MemoryEvaluated evaluated() {
        TelemetryEvent.MemoryEvaluated outcome = (TelemetryEvent.MemoryEvaluated)
                assertThat(told).singleElement().actual();
        told.clear();
        return outcome;
    }

    private static CompletionStage<Optional<DistilledSet>> of(String... names) {
        return CompletableFuture.completedStage(Optional.of(Memories.of(names)));
    }

    private static List<Image> images(List<Sample> samples) {
        return samples.stream().map(Sample::image).toList();
    }

    /** What a learner was given. */
    private record Lesson(DistilledSet memory, List<LabelledImage> test) {}

    /** Gets half of everything right, unless it fails, or goes on until it is stopped. */
    private static final class Pupil implements EvaluationNetworkTrainer {

        private final BlockingQueue<Lesson> lessons = new LinkedBlockingQueue<>();
        private volatile Optional<String> failure = Optional.empty();
        private volatile boolean patient;

        void fail(String reason) {
            failure = Optional.of(reason);
        }

        void recover() {
            failure = Optional.empty();
        }

        void bePatient() {
            patient = true;
        }

        /** The next one; waits for it. */
        Lesson lesson() {
            try {
                return Optional.ofNullable(lessons.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .orElseThrow();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public EvaluationReport learn(DistilledSet memory, List<LabelledImage> test, EvaluationProgress progress) {
            lessons.add(new Lesson(memory, test));
            failure.ifPresent(reason -> {
                throw new IllegalStateException(reason);
            });
            do {
                progress.step();
            } while (patient);
            List<Double> half = Collections.nCopies(memory.classNames().size(), 0.5);
            return new EvaluationReport(List.of(0.5), List.of(0.5), List.of(half));
        }
    }
}
