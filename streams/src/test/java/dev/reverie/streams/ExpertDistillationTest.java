package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.checkpoint.CheckpointFile;
import dev.reverie.actors.checkpoint.RunFingerprint;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.TrajectorySettings;
import dev.reverie.gpu.method.TrajectorySettingsBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A distillation that follows experts, with the real engine,")
class ExpertDistillationTest extends AbstractExpertDistillationTest {

    ExpertDistillationTest(@TempDir Path folder) {
        super(following(false), folder);
    }

    /** Returns MTT settings in which each expert is trained three times, once per epoch. */
    private static DistillationSettings following(boolean unrolled) {
        return small(Method.MTT)
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
        settings = following(unrolled);
        trainingsBeforeTheStop = training;

        assertThat(assertResumesExactly().next().inner()).isEqualTo(inner);
    }

    @Test
    @DisplayName("skips a loop whose student diverges, and lowers the learning rate afterwards")
    void lowersTheLearningRate() {
        TrajectorySettings far = settings.trajectory()
                .orElseThrow()
                .with()
                .rate(1e30)
                .rateStep(0)
                .build();
        settings = settings.withTrajectory(Optional.of(far));
        List<TelemetryEvent> events = new CopyOnWriteArrayList<>();

        RunSettings.await(
                Distillation.start(request("far", false), this::engine, List.of(events::add), InstantSource.system())
                        .result());

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
}
