package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.checkpoint.Checkpoint;
import dev.reverie.actors.checkpoint.CheckpointFile;
import dev.reverie.actors.checkpoint.RunFingerprint;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings.Matching;
import dev.reverie.gpu.method.DistillationSettings.Network;
import dev.reverie.gpu.method.DistillationSettings.Representatives;
import dev.reverie.gpu.method.DistillationSettings.Schedule;
import dev.reverie.gpu.method.DistillationSettings.Trajectory;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkVariation;
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

    /** In the second outer iteration, with a warm-up or without. */
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
    @DisplayName("ends with the same bits every time")
    void isDeterministic() throws IOException {
        // when
        run("once", false);
        run("again", false);

        // then
        assertThat(checkpoint("again")).isEqualTo(checkpoint("once"));
    }

    /**
     * The last steps see two networks, blended with what they began with, that were trained before their first loop.
     */
    private static DistillationSettings of(Method method, int pool, int warmUp) {
        return new DistillationSettings(
                method,
                2,
                2,
                new Network(
                        4,
                        2,
                        0.01,
                        0.9,
                        5e-4,
                        "color_crop",
                        0.5,
                        pool,
                        pool > 1 ? NetworkVariation.BLENDED : NetworkVariation.NONE),
                new Matching(GradientDistance.MSE, 0.1, 0.5, "color_crop_cutout", 128, 0, pool > 1 ? 0.5 : 0),
                new Representatives(4, 2, 8),
                new Schedule(2, 3, 16, 8, 0, warmUp),
                7);
    }

    @ParameterizedTest(name = "{0} on {1} networks, {2} images to warm up")
    @CsvSource({"DREAM, 1, 0", "DREAM_PLUS, 1, 24", "DANCE, 2, 24"})
    @DisplayName("that is interrupted within an outer iteration and resumed ends with the same bits")
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

    /** Three trainings per expert, one for each epoch. */
    private static DistillationSettings following(boolean unrolled) {
        return new DistillationSettings(
                Method.MTT,
                Method.MTT.composition(),
                2,
                2,
                new Network(4, 2, 0.01, 0, 0, "color|crop", 0, 1, NetworkVariation.NONE),
                new Matching(GradientDistance.MSE, 0.5, 0.5, "color|crop|cutout", 128, 0, 0),
                new Representatives(1, 1, 1),
                new Schedule(2, 3, 0, 8, 0, 24),
                7,
                Optional.of(new Trajectory(3, 8, 2, 2, 3, 5, 0.02, 1e-4, unrolled)));
    }

    @ParameterizedTest(name = "in training {0}, in loop {1}, unrolled: {2}")
    @CsvSource({"5, 0, false", "6, 1, false", "6, 1, true"})
    @DisplayName("that is interrupted while an expert is trained or followed ends with the same bits")
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
    @DisplayName("uses the experts of an earlier run, and ends with the same bits as if it had trained them")
    void followsExpertsThatAreThere() throws IOException {
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
    @DisplayName("skips a loop whose student diverges, and lowers the student's learning rate")
    void slowsDown() {
        // given
        Trajectory far = new Trajectory(3, 8, 2, 2, 3, 5, 1e30, 0, false);
        DistillationSettings base = following(false);
        settings = new DistillationSettings(
                base.method(),
                base.composition(),
                base.ipc(),
                base.factor(),
                base.network(),
                base.matching(),
                base.representatives(),
                base.schedule(),
                base.seed(),
                Optional.of(far));
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
                .contains("inner loop 0 is skipped: the student diverged; its learning rate is halved from now on");
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
    @DisplayName("omits from its last checkpoint the network that the next one replaces")
    void keepsWhatGoesOn(int pool, int kept) {
        // given
        settings = of(Method.DANCE, pool, 0);

        // when
        run("whole", false);

        // then
        Checkpoint last = new CheckpointFile(folder.resolve("whole")).read(RunFingerprint.of(dataset, settings));
        assertThat(last.networks()).hasSize(kept);
    }

    @Test
    @DisplayName("adds a class while it runs")
    void letsAClassJoin() {
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
