package dev.reverie.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Samples;
import dev.reverie.actors.checkpoint.CheckpointFile;
import dev.reverie.actors.checkpoint.RunCheckpoint;
import dev.reverie.actors.checkpoint.RunFingerprint;
import dev.reverie.actors.schedule.EpochSampler;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.JointTask.FollowExpert;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.ScheduleSettingsBuilder;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.method.TrajectorySettingsBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A run in which no class is visited")
class RunCoordinatorTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int STARTS = 8;

    @AutoClose("shutdownTestKit")
    private final ActorTestKit testKit = ActorTestKit.create(ConfigFactory.load("reverie"));

    private final TestProbe<RunCommand.Outcome> outcome = testKit.createTestProbe();
    private final CompletableFuture<ActorRef<RunCommand>> coordinator = new CompletableFuture<>();
    private final Dataset dataset = dataset();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    /** By how much the clock of the run is ahead. */
    private volatile Duration ahead = Duration.ZERO;

    @Test
    @DisplayName("forgets an unfinished warm-up")
    void forgetsAnUnfinishedWarmUp(@TempDir Path folder) {
        DistillationSettings settings = warmUpInTwoParts();
        CheckpointFile file = new CheckpointFile(folder.resolve("checkpoint"));
        CountingEngine engine = new CountingEngine(() -> {}, () -> tell(new RunCommand.Stop()));

        DistillationResult ended = run(settings, Optional.of(file.path()), Optional.empty(), engine);

        assertThat(ended.ending()).isEqualTo(Ending.INTERRUPTED);
        assertThat(ended).returns(LoopPosition.START, DistillationResult::next);
        assertThat(ended.saved()).isTrue();
        RunCheckpoint last = file.read(RunFingerprint.of(dataset, settings));
        assertThat(last.networks()).isEmpty();
        assertThat(last.cursor()).isEqualTo(EpochSampler.Cursor.START);
    }

    private static DistillationSettings warmUpInTwoParts() {
        DistillationSettings base = Samples.settings(Method.IDC);
        return base.withSchedule(
                base.schedule().with().warmUpSamples(12).warmUpDecay(true).build());
    }

    @Test
    @DisplayName("warns that its time limit is too short if it passes during a warm-up, which a resumed run repeats")
    void timeLimitDuringWarmUp() {
        CountingEngine engine = new CountingEngine(() -> {}, () -> ahead = Duration.ofHours(2));

        DistillationResult ended = run(warmUpInTwoParts(), Optional.empty(), Optional.of(Duration.ofHours(1)), engine);

        assertThat(ended.ending()).isEqualTo(Ending.TIME_LIMIT);
        assertThat(ended).returns(LoopPosition.START, DistillationResult::next);
        assertThat(warnings)
                .contains("the time limit passed while a new network was trained, and a resumed run trains it"
                        + " from the start: raise --time-limit");
    }

    @Test
    @DisplayName("draws the batches of a student from other numbers than the segment that it follows")
    void drawsBatchesIndependently() {
        DistillationSettings settings = Samples.settings(Method.IDC)
                .with()
                .method(Method.MTT)
                .composition(Method.MTT.composition())
                .schedule(ScheduleSettingsBuilder.builder()
                        .outerIterations(1)
                        .innerLoops(9)
                        .networkBatch(4)
                        .warmUpSamples(4 * STARTS)
                        .build())
                .trajectory(Optional.of(TrajectorySettingsBuilder.builder()
                        .epochs(STARTS)
                        .epochSamples(4)
                        .starts(STARTS)
                        .span(1)
                        .steps(1)
                        .batch(4)
                        .rate(0.02)
                        .build()))
                .build();
        CountingEngine engine = new CountingEngine(() -> {}, () -> {});

        DistillationResult ended = run(settings, Optional.empty(), Optional.empty(), engine);

        assertThat(ended.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(engine.rollouts()).hasSize(9).anyMatch(rollout -> start(rollout) != firstDraws(rollout.seed()));
    }

    /** The number of the epoch with which the segment of a rollout starts. */
    private static int start(FollowExpert rollout) {
        return (int) rollout.start().getFirst()[0];
    }

    /** The start that a seed would give after the choice among one expert. */
    private static int firstDraws(long seed) {
        RandomGenerator random = Seeds.generator(seed);
        return random.nextInt(1) + random.nextInt(STARTS);
    }

    private DistillationResult run(
            DistillationSettings settings,
            Optional<Path> checkpoint,
            Optional<Duration> timeLimit,
            CountingEngine engine) {
        RunPlan plan = RunPlan.of(DistillationRequest.of(dataset, settings)
                .withCheckpoint(checkpoint)
                .withTimeLimit(timeLimit));
        Supplier<DistillationEngine> engines = () -> engine;
        InstantSource clock = () -> InstantSource.system().instant().plus(ahead);
        ActorRef<RunCommand> run =
                testKit.spawn(RunCoordinator.create(plan, List.of(engines), clock, List.of(this::onTelemetry)));
        coordinator.complete(run);
        run.tell(new RunCommand.AwaitOutcome(outcome.ref()));
        return outcome.expectMessageClass(DistillationResult.class, MINUTE);
    }

    private void onTelemetry(TelemetryEvent event) {
        if (event instanceof TelemetryEvent.Warning(var message)) {
            warnings.add(message);
        }
    }

    private void tell(RunCommand command) {
        coordinator.join().tell(command);
    }

    private static Dataset dataset() {
        List<LabelledImage> train = IntStream.range(0, 2)
                .boxed()
                .flatMap(classIndex -> Samples.images(6 + 3 * classIndex, classIndex).stream()
                        .map(image -> new LabelledImage(image, classIndex)))
                .toList();
        return new Dataset(
                "tiny",
                Samples.SHAPE,
                Stream.of(0, 1).map(classIndex -> "class " + classIndex).toList(),
                Normalisation.neutral(Samples.SHAPE),
                train,
                List.of());
    }
}
