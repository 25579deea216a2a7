package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.checkpoint.CheckpointFile;
import dev.reverie.actors.checkpoint.RunCheckpoint;
import dev.reverie.actors.checkpoint.RunFingerprint;
import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.ObserverTrained;
import dev.reverie.gpu.WatchedCalls;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.FitSettings;
import dev.reverie.gpu.method.FitSettings.CafeSettings;
import dev.reverie.gpu.method.FitSettings.RidgeSettings;
import dev.reverie.gpu.method.FitSettings.UnrolledSettings;
import dev.reverie.gpu.method.MatchingSettingsBuilder;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.method.NetworkSettingsBuilder;
import dev.reverie.gpu.method.RepresentativeSettingsBuilder;
import dev.reverie.gpu.method.ScheduleSettingsBuilder;
import dev.reverie.gpu.objective.GradientDistance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A distillation with the real engine")
class DistillationWithTheEngineTest extends AbstractEngineDistillationTest {
    private final AtomicInteger questions = new AtomicInteger();

    /** Two parts of the training at the full rate, one at a fifth of it, and one at a twenty-fifth. */
    private static final int SAMPLES = 9000;

    private final List<Double> rateShares = new CopyOnWriteArrayList<>();
    private final AtomicInteger classifications = new AtomicInteger();
    private int failingTraining = -1;
    private int failingClassification = -1;

    DistillationWithTheEngineTest(@TempDir Path folder) {
        super(of(Method.DREAM, 1, 0), folder);
    }

    /**
     * Returns settings in which the last class steps use 2 networks that were trained before their first loop and
     * blended with their initial weights, or a queue of 2 networks.
     */
    private static DistillationSettings of(Method method, int pool, int warmUp) {
        NetworkVariation several =
                method == Method.IDM || method == Method.RIDGE ? NetworkVariation.QUEUED : NetworkVariation.BLENDED;
        return DistillationSettings.of(method)
                .ipc(2)
                .factor(2)
                .network(NetworkSettingsBuilder.builder()
                        .width(4)
                        .depth(2)
                        .learningRate(0.01)
                        .momentum(0.9)
                        .weightDecay(5e-4)
                        .augmentation("color_crop")
                        .mixProbability(0.5)
                        .pool(pool)
                        .variation(pool > 1 ? several : NetworkVariation.NONE)
                        .build())
                .matching(MatchingSettingsBuilder.builder()
                        .distance(GradientDistance.MSE)
                        .learningRate(0.1)
                        .momentum(0.5)
                        .augmentation("color_crop_cutout")
                        .maxDecoded(128)
                        .calibration(pool > 1 ? 0.5 : 0)
                        .build())
                .representatives(RepresentativeSettingsBuilder.builder()
                        .count(4)
                        .interval(2)
                        .candidates(8)
                        .build())
                .schedule(ScheduleSettingsBuilder.builder()
                        .outerIterations(2)
                        .innerLoops(3)
                        .networkSamples(16)
                        .networkBatch(8)
                        .warmUpSamples(warmUp)
                        .build())
                .seed(7)
                .fit(fit(method))
                .build();
    }

    private static Optional<FitSettings> fit(Method method) {
        return switch (method) {
            case RIDGE -> Optional.of(new RidgeSettings(0.01));
            case CAFE -> Optional.of(new CafeSettings(1));
            case BPTT -> Optional.of(new UnrolledSettings(4, 2, 5, 0.02, 1e-4));
            default -> Optional.empty();
        };
    }

    @ParameterizedTest(name = "{0} on {1} networks, {2} images to warm up")
    @CsvSource({
        "DREAM, 1, 0",
        "DREAM_PLUS, 1, 24",
        "DANCE, 2, 24",
        "IDM, 2, 0",
        "RIDGE, 2, 0",
        "BPTT, 1, 0",
        "CAFE, 1, 0"
    })
    @DisplayName("gives the same bits when it resumes in the middle of an outer iteration")
    void resumesExactly(Method method, int pool, int warmUp) throws IOException {
        settings = of(method, pool, warmUp);

        assertThat(assertResumesExactly().next().inner()).isPositive();
    }

    @ParameterizedTest(name = "{0} on {1} networks, {2} images to warm up")
    @CsvSource({"DREAM, 1, 0", "DREAM_PLUS, 1, 24", "DANCE, 2, 24", "DM, 1, 0", "RIDGE, 2, 0", "BPTT, 1, 0"})
    @DisplayName("gives the same bits on several workers")
    void sharesTheWork(Method method, int pool, int warmUp) throws IOException {
        settings = of(method, pool, warmUp);
        run("one", false);

        runOnSeveralWorkers("several");

        assertThat(checkpoint("several")).isEqualTo(checkpoint("one"));
    }

    @Test
    @DisplayName("gives the same bits when an engine fails, because a new one gets the networks of another worker")
    void survivesTheLossOfAnEngine() throws IOException {
        settings = of(Method.DANCE, 2, 24);
        run("one", false);
        AtomicInteger steps = new AtomicInteger();
        Supplier<DistillationEngine> failing =
                () -> WatchedEngine.beforeMatching(engine(), () -> failInTheFifth(steps));

        runOn("several", List.of(failing, failing));

        assertThat(steps).hasValueGreaterThan(5);
        assertThat(checkpoint("several")).isEqualTo(checkpoint("one"));
    }

    private static void failInTheFifth(AtomicInteger steps) {
        if (steps.incrementAndGet() == 5) {
            throw new IllegalStateException("this engine is out of order");
        }
    }

    @ParameterizedTest(name = "of {0} networks, {1}")
    @CsvSource({"1, 0", "2, 1", "3, 2"})
    @DisplayName("omits the network from its last checkpoint if the next loop would replace the network")
    void omitsReplacedNetworks(int pool, int kept) {
        settings = of(Method.DANCE, pool, 0);

        run("whole", false);

        RunCheckpoint last = new CheckpointFile(folder.resolve("whole")).read(RunFingerprint.of(dataset, settings));
        assertThat(last.networks()).hasSize(kept);
    }

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"HERDING", "K_MEANS", "FORGETTING", "DREAM_PLUS"})
    @DisplayName("fails if the engine fails during the selection, instead of selecting by an untrained network")
    void failsWithTheEngine(Method method) {
        settings = AbstractExpertDistillationTest.selecting(method, 8, 160);

        Throwable failure = RunSettings.failureOf(
                Distillation.start(request("lost", false), this::failingOnce, List.of(), InstantSource.system())
                        .result());

        assertThat(failure)
                .isInstanceOf(DistillationException.class)
                .hasMessageContaining("the worker failed and lost the network that selects the initial images");
    }

    @Test
    @DisplayName("trains an observer in parts at a falling rate, tells how far it is, and returns its parameters")
    void trainsInParts() {
        List<TelemetryEvent> events = new CopyOnWriteArrayList<>();

        DistillationResult result =
                RunSettings.await(startWithObserver("falling", events).result());

        assertThat(rateShares)
                .startsWith(1.0, 1.0)
                .endsWith(0.2 * 0.2)
                .contains(0.2)
                .isSortedAccordingTo((left, right) -> Double.compare(right, left));
        assertThat(events)
                .filteredOn(ObserverTrained.class::isInstance)
                .hasSameSizeAs(rateShares)
                .last()
                .isEqualTo(new ObserverTrained(SAMPLES, SAMPLES));
        assertThat(result.observer())
                .hasValueSatisfying(parameters -> assertThat(parameters).isNotEmpty());
        assertThat(result.set().softLabels()).isPresent();
    }

    @Test
    @DisplayName(
            "fails if the engine fails while it trains the observer, instead of going on with an untrained network")
    void failsInTraining() {
        failingTraining = 2;

        Throwable failure = RunSettings.failureOf(
                startWithObserver("training", new CopyOnWriteArrayList<>()).result());

        assertThat(failure)
                .isInstanceOf(DistillationException.class)
                .hasMessageContaining("the network that selects the initial images could not be trained");
        assertThat(trainings).hasValue(3);
    }

    @Test
    @DisplayName("fails if the engine fails while the observer rates crops or labels images, instead of asking another")
    void failsInLabelling() {
        // given three classes, whose crops are rated before all images are labelled
        for (int failing : List.of(0, 3)) {
            classifications.set(0);
            failingClassification = failing;

            Throwable failure =
                    RunSettings.failureOf(startWithObserver("labels" + failing, new CopyOnWriteArrayList<>())
                            .result());

            assertThat(failure)
                    .isInstanceOf(DistillationException.class)
                    .hasMessageContaining("the worker failed and lost the network that selects");
        }
    }

    /** An engine that fails when it is first asked about images; the worker then asks another engine. */
    private DistillationEngine failingOnce() {
        return WatchedCalls.before(DistillationEngine.class, engine(), (method, _) -> {
            if ((method.equals("select") || method.equals("classify")) && questions.getAndIncrement() == 0) {
                throw new IllegalStateException("the device is gone");
            }
        });
    }

    /** An engine that records the learning rates, and fails once where the test says so. */
    private DistillationEngine watched() {
        return WatchedCalls.before(DistillationEngine.class, engine(), (method, arguments) -> {
            boolean failing =
                    switch (method) {
                        case "train" -> trainings.getAndIncrement() == failingTraining;
                        case "classify" -> classifications.getAndIncrement() == failingClassification;
                        default -> false;
                    };
            if (failing) {
                throw new IllegalStateException("the device is gone");
            }
            if (arguments.stream().findFirst().orElse("") instanceof TrainMatchingNetworkTask task) {
                rateShares.add(task.rateShare());
            }
        });
    }

    /** Starts a run with an observer. */
    private Distillation startWithObserver(String name, List<TelemetryEvent> events) {
        settings = AbstractExpertDistillationTest.selecting(Method.RDED, 128, SAMPLES);
        return Distillation.start(request(name, false), this::watched, List.of(events::add), InstantSource.system());
    }
}
