package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.checkpoint.CheckpointFile;
import dev.reverie.actors.checkpoint.RunCheckpoint;
import dev.reverie.actors.checkpoint.RunFingerprint;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.Trajectory;
import dev.reverie.gpu.method.MatchingBuilder;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkBuilder;
import dev.reverie.gpu.method.NetworkVariation;
import dev.reverie.gpu.method.RepresentativesBuilder;
import dev.reverie.gpu.method.ScheduleBuilder;
import dev.reverie.gpu.method.TrajectoryBuilder;
import dev.reverie.gpu.objective.GradientDistance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A distillation with the real engine")
class DistillationWithTheEngineTest {

    /** Trainings before the interruption, which is in the second outer iteration with or without a warm-up. */
    private int trainingsBeforeTheStop = 5;

    private final Dataset dataset = RunSettings.dataset(12, 9, 10);
    private DistillationSettings settings = of(Method.DREAM, 1, 0);
    private final CompletableFuture<Distillation> running = new CompletableFuture<>();
    private final AtomicInteger trainings = new AtomicInteger();
    private final Path folder;

    DistillationWithTheEngineTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @DisplayName("gives the same bits when it is run again")
    void isDeterministic() throws IOException {
        // when
        run("once", false);
        run("again", false);

        // then
        assertThat(checkpoint("again")).isEqualTo(checkpoint("once"));
    }

    /**
     * Returns settings in which the last class steps use 2 networks that were trained before their first loop and
     * blended with their initial weights.
     */
    private static DistillationSettings of(Method method, int pool, int warmUp) {
        return DistillationSettings.of(method)
                .ipc(2)
                .factor(2)
                .network(NetworkBuilder.builder()
                        .width(4)
                        .depth(2)
                        .learningRate(0.01)
                        .momentum(0.9)
                        .weightDecay(5e-4)
                        .augmentation("color_crop")
                        .mixProbability(0.5)
                        .pool(pool)
                        .variation(pool > 1 ? NetworkVariation.BLENDED : NetworkVariation.NONE)
                        .build())
                .matching(MatchingBuilder.builder()
                        .distance(GradientDistance.MSE)
                        .learningRate(0.1)
                        .momentum(0.5)
                        .augmentation("color_crop_cutout")
                        .maxDecoded(128)
                        .calibration(pool > 1 ? 0.5 : 0)
                        .build())
                .representatives(RepresentativesBuilder.builder()
                        .count(4)
                        .interval(2)
                        .candidates(8)
                        .build())
                .schedule(ScheduleBuilder.builder()
                        .outerIterations(2)
                        .innerLoops(3)
                        .networkSamples(16)
                        .networkBatch(8)
                        .warmUpSamples(warmUp)
                        .build())
                .seed(7)
                .build();
    }

    @ParameterizedTest(name = "{0} on {1} networks, {2} images to warm up")
    @CsvSource({"DREAM, 1, 0", "DREAM_PLUS, 1, 24", "DANCE, 2, 24"})
    @DisplayName("gives the same bits when it resumes in the middle of an outer iteration")
    void resumesExactly(Method method, int pool, int warmUp) throws IOException {
        // given
        settings = of(method, pool, warmUp);
        run("whole", false);

        // when
        DistillationResult stopped = RunSettings.await(
                start("interrupted", this::stoppingInTheSecondIteration).result());
        run("interrupted", true);

        // then
        assertThat(stopped.ending()).isEqualTo(Ending.INTERRUPTED);
        assertThat(stopped.outer()).isOne();
        assertThat(stopped.inner()).isPositive();
        assertThat(checkpoint("interrupted")).isEqualTo(checkpoint("whole"));
    }

    /** Returns MTT settings in which each expert is trained three times, once per epoch. */
    private static DistillationSettings following(boolean unrolled) {
        return DistillationSettings.of(Method.MTT)
                .ipc(2)
                .factor(2)
                .network(NetworkBuilder.builder()
                        .width(4)
                        .depth(2)
                        .learningRate(0.01)
                        .augmentation("color|crop")
                        .build())
                .matching(MatchingBuilder.builder()
                        .distance(GradientDistance.MSE)
                        .learningRate(0.5)
                        .momentum(0.5)
                        .augmentation("color|crop|cutout")
                        .maxDecoded(128)
                        .build())
                .representatives(RepresentativesBuilder.builder()
                        .count(1)
                        .interval(1)
                        .candidates(1)
                        .build())
                .schedule(ScheduleBuilder.builder()
                        .outerIterations(2)
                        .innerLoops(3)
                        .networkBatch(8)
                        .warmUpSamples(24)
                        .build())
                .seed(7)
                .trajectory(Optional.of(TrajectoryBuilder.builder()
                        .epochs(3)
                        .epochSamples(8)
                        .starts(2)
                        .span(2)
                        .steps(3)
                        .batch(5)
                        .rate(0.02)
                        .rateStep(1e-4)
                        .unrolled(unrolled)
                        .build()))
                .build();
    }

    @ParameterizedTest(name = "in training {0}, in loop {1}, unrolled: {2}")
    @CsvSource({"5, 0, false", "6, 1, false", "6, 1, true"})
    @DisplayName("gives the same bits when it resumes during the training or the matching of an expert")
    void resumesExpertsExactly(int training, int inner, boolean unrolled) throws IOException {
        // given
        settings = following(unrolled);
        trainingsBeforeTheStop = training;
        run("whole", false);

        // when
        DistillationResult stopped = RunSettings.await(
                start("interrupted", this::stoppingInTheSecondIteration).result());
        run("interrupted", true);

        // then
        assertThat(stopped.ending()).isEqualTo(Ending.INTERRUPTED);
        assertThat(stopped.outer()).isOne();
        assertThat(stopped.inner()).isEqualTo(inner);
        assertThat(checkpoint("interrupted")).isEqualTo(checkpoint("whole"));
    }

    @Test
    @DisplayName("reuses stored experts, and gives the same bits as with experts that it trains itself")
    void reusesStoredExperts() throws IOException {
        // given
        settings = following(false);
        run("once", false);
        Files.move(folder.resolve("once-experts"), folder.resolve("again-experts"));

        // when
        DistillationResult again = RunSettings.await(
                Distillation.start(request("again", false), this::counting, List.of(), InstantSource.system())
                        .result());

        // then
        assertThat(again.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(trainings).hasValue(0);
        assertThat(checkpoint("again")).isEqualTo(checkpoint("once"));
    }

    @Test
    @DisplayName("skips a loop whose student diverges, and lowers the learning rate afterwards")
    void lowersTheLearningRate() {
        // given
        Trajectory far = TrajectoryBuilder.builder()
                .epochs(3)
                .epochSamples(8)
                .starts(2)
                .span(2)
                .steps(3)
                .batch(5)
                .rate(1e30)
                .rateStep(0)
                .build();
        DistillationSettings valid = following(false);
        settings = valid.withTrajectory(Optional.of(far));
        List<TelemetryEvent> events = new CopyOnWriteArrayList<>();

        // when
        RunSettings.await(
                Distillation.start(request("far", false), this::engine, List.of(events::add), InstantSource.system())
                        .result());

        // then
        assertThat(events)
                .filteredOn(TelemetryEvent.Warning.class::isInstance)
                .hasSize(6)
                .first()
                .asString()
                .contains(
                        "inner loop 0 is skipped, and the run continues with the next one: the student diverged, so its"
                                + " learning rate is halved from now on");
        double slowest = new CheckpointFile(folder.resolve("far"))
                .read(RunFingerprint.of(dataset, settings))
                .studentRate()
                .orElseThrow()
                .value();
        assertThat(slowest).isEqualTo(1e30 / 64);
    }

    @Test
    @DisplayName("refuses a class that its experts were not trained on")
    void refusesAClass() {
        // given
        settings = following(false);
        CompletableFuture<Integer> label = new CompletableFuture<>();

        // when
        Distillation distillation = start("joined", () -> joiningInTheFirstLoop(label));
        RunSettings.await(distillation.result());

        // then
        assertThat(label)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining(
                        "class 'late' can't join: the experts were trained without it; start a new run with all classes");
    }

    @ParameterizedTest(name = "of {0} networks, {1}")
    @CsvSource({"1, 0", "2, 1", "3, 2"})
    @DisplayName("omits the network from its last checkpoint if the next loop would replace the network")
    void omitsReplacedNetworks(int pool, int kept) {
        // given
        settings = of(Method.DANCE, pool, 0);

        // when
        run("whole", false);

        // then
        RunCheckpoint last = new CheckpointFile(folder.resolve("whole")).read(RunFingerprint.of(dataset, settings));
        assertThat(last.networks()).hasSize(kept);
    }

    @Test
    @DisplayName("adds a class while it runs")
    void addsAClass() {
        // given
        CompletableFuture<Integer> label = new CompletableFuture<>();

        // when
        Distillation distillation = start("joined", () -> joiningInTheFirstLoop(label));
        DistillationResult result = RunSettings.await(distillation.result());

        // then
        assertThat(RunSettings.await(label)).isEqualTo(3);
        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(result.set().images().count()).isEqualTo(4 * 2 * 4);
    }

    private DistillationEngine engine() {
        return MatchingEngine.open(settings, dataset.shape(), dataset.normalisation());
    }

    private DistillationEngine counting() {
        return new WatchedEngine(engine(), training -> trainings.incrementAndGet());
    }

    private DistillationEngine stoppingInTheSecondIteration() {
        return new WatchedEngine(engine(), training -> {
            if (trainings.incrementAndGet() == trainingsBeforeTheStop) {
                running.join().stop();
            }
        });
    }

    private DistillationEngine joiningInTheFirstLoop(CompletableFuture<Integer> label) {
        return new WatchedEngine(engine(), training -> {
            if (trainings.incrementAndGet() == 1) {
                running.join().addClass("late", RunSettings.images(9, 99)).whenComplete((index, refusal) -> {
                    if (refusal == null) {
                        label.complete(index);
                    } else {
                        label.completeExceptionally(refusal);
                    }
                });
            }
        });
    }

    private void run(String name, boolean resume) {
        DistillationResult result =
                RunSettings.await(start(request(name, resume), this::engine).result());
        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
    }

    private Distillation start(String name, Supplier<DistillationEngine> engines) {
        Distillation distillation = start(request(name, false), engines);
        running.complete(distillation);
        return distillation;
    }

    private static Distillation start(DistillationRequest request, Supplier<DistillationEngine> engines) {
        return Distillation.start(request, engines, List.of(), InstantSource.system());
    }

    private DistillationRequest request(String name, boolean resume) {
        return new DistillationRequest(
                dataset,
                settings,
                Optional.of(folder.resolve(name)),
                resume,
                Optional.of(folder.resolve(name + "-experts")),
                Optional.empty());
    }

    private byte[] checkpoint(String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name));
    }
}
