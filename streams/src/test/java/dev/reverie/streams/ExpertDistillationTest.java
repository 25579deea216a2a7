package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.checkpoint.CheckpointFile;
import dev.reverie.actors.checkpoint.RunFingerprint;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.MatchingSettingsBuilder;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettingsBuilder;
import dev.reverie.gpu.method.RepresentativeSettingsBuilder;
import dev.reverie.gpu.method.ScheduleSettingsBuilder;
import dev.reverie.gpu.method.TrajectorySettings;
import dev.reverie.gpu.method.TrajectorySettingsBuilder;
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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A distillation that follows experts, with the real engine,")
class ExpertDistillationTest extends AbstractEngineDistillationTest {

    ExpertDistillationTest(@TempDir Path folder) {
        super(following(false), folder);
    }

    /** Returns MTT settings in which each expert is trained three times, once per epoch. */
    private static DistillationSettings following(boolean unrolled) {
        return DistillationSettings.of(Method.MTT)
                .ipc(2)
                .factor(2)
                .network(NetworkSettingsBuilder.builder()
                        .width(4)
                        .depth(2)
                        .learningRate(0.01)
                        .augmentation("color|crop")
                        .build())
                .matching(MatchingSettingsBuilder.builder()
                        .distance(GradientDistance.MSE)
                        .learningRate(0.5)
                        .momentum(0.5)
                        .augmentation("color|crop|cutout")
                        .maxDecoded(128)
                        .build())
                .representatives(RepresentativeSettingsBuilder.builder()
                        .count(1)
                        .interval(1)
                        .candidates(1)
                        .build())
                .schedule(ScheduleSettingsBuilder.builder()
                        .outerIterations(2)
                        .innerLoops(3)
                        .networkBatch(8)
                        .warmUpSamples(24)
                        .build())
                .seed(7)
                .trajectory(Optional.of(TrajectorySettingsBuilder.builder()
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
        TrajectorySettings far = TrajectorySettingsBuilder.builder()
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
}
