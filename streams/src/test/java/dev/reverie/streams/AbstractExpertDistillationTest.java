package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettingsBuilder;
import dev.reverie.gpu.method.MatchingSettings;
import dev.reverie.gpu.method.MatchingSettingsBuilder;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings;
import dev.reverie.gpu.method.NetworkSettingsBuilder;
import dev.reverie.gpu.method.RepresentativeSettingsBuilder;
import dev.reverie.gpu.method.ScheduleSettings;
import dev.reverie.gpu.method.ScheduleSettingsBuilder;
import dev.reverie.gpu.objective.GradientDistance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Runs methods whose experts are trained before the images are matched, with the real engine. */
abstract class AbstractExpertDistillationTest extends AbstractEngineDistillationTest {

    static final NetworkSettings NETWORK = NetworkSettingsBuilder.builder()
            .width(4)
            .depth(2)
            .learningRate(0.01)
            .augmentation("color|crop")
            .build();

    static final MatchingSettings MATCHING = MatchingSettingsBuilder.builder()
            .distance(GradientDistance.MSE)
            .learningRate(0.5)
            .momentum(0.5)
            .augmentation("color|crop|cutout")
            .maxDecoded(128)
            .build();

    static final ScheduleSettings SCHEDULE = ScheduleSettingsBuilder.builder()
            .outerIterations(2)
            .innerLoops(3)
            .networkBatch(8)
            .warmUpSamples(24)
            .build();

    AbstractExpertDistillationTest(DistillationSettings settings, Path folder) {
        super(settings, folder);
    }

    /** Returns small settings that lack only those of the experts. */
    static DistillationSettingsBuilder small(Method method) {
        return DistillationSettings.of(method)
                .ipc(2)
                .factor(2)
                .network(NETWORK)
                .matching(MATCHING)
                .representatives(RepresentativeSettingsBuilder.builder()
                        .count(1)
                        .interval(1)
                        .candidates(1)
                        .build())
                .schedule(SCHEDULE)
                .seed(7);
    }

    /**
     * Returns the settings of a run that only selects its initial images among eight candidates per class.
     *
     * @param batch number of images per training step of the network that selects
     * @param samples number of images on which this network is trained
     */
    static DistillationSettings selecting(Method method, int batch, int samples) {
        return small(method)
                .factor(1)
                .representatives(RepresentativeSettingsBuilder.builder()
                        .count(1)
                        .interval(1)
                        .candidates(8)
                        .build())
                .schedule(ScheduleSettingsBuilder.builder()
                        .outerIterations(0)
                        .innerLoops(1)
                        .networkBatch(batch)
                        .selectionSamples(samples)
                        .build())
                .build();
    }

    @Test
    @DisplayName("gives the same bits on several workers")
    void sharesTheWork() throws IOException {
        run("one", false);

        runOnSeveralWorkers("several");

        assertThat(checkpoint("several")).isEqualTo(checkpoint("one"));
    }

    @Test
    @DisplayName("reuses stored experts, and gives the same bits as with experts that it trains itself")
    void reusesStoredExperts() throws IOException {
        run("once", false);
        Files.move(folder.resolve("once-experts"), folder.resolve("again-experts"));

        DistillationResult again = RunSettings.await(
                Distillation.start(request("again", false), this::counting, List.of(), InstantSource.system())
                        .result());

        assertThat(again.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(trainings).hasValue(0);
        assertThat(checkpoint("again")).isEqualTo(checkpoint("once"));
    }
}
