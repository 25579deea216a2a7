package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.WatchedCalls;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.GuidanceSettingsBuilder;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings.MatchingArchitecture;
import dev.reverie.gpu.method.RepresentativeSettingsBuilder;
import dev.reverie.gpu.select.SelectionRule;
import java.io.IOException;
import java.nio.file.Files;
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

@DisplayName("A distillation that experts guide, with the real engine,")
class GuidedDistillationTest extends AbstractExpertDistillationTest {

    GuidedDistillationTest(@TempDir Path folder) {
        super(guided(SelectionRule.RANDOM), folder);
    }

    /**
     * Returns TGDD settings in which each expert is trained four times: once in each epoch, and once more in the last,
     * within which the learning rate drops.
     */
    private static DistillationSettings guided(SelectionRule representatives) {
        return small(Method.TGDD)
                .composition(Method.TGDD.composition().with(representatives))
                .network(NETWORK.with().momentum(0.9).mixProbability(0.5).build())
                .matching(MATCHING.with()
                        .augmentation("color_crop_cutout")
                        .averaging(0.9)
                        .calibration(2.5)
                        .build())
                .representatives(RepresentativeSettingsBuilder.builder()
                        .count(4)
                        .interval(2)
                        .candidates(8)
                        .build())
                .schedule(SCHEDULE.with().warmUpDecay(true).clampEveryLoop(true).build())
                .guidance(Optional.of(GuidanceSettingsBuilder.builder()
                        .epochs(3)
                        .epochSamples(8)
                        .ahead(1)
                        .decay(0.85)
                        .build()))
                .build();
    }

    @Test
    @DisplayName("gives the same bits when it resumes and its experts are a ConvNet and a ResNet by turns")
    void resumesWithOtherArchitectures() throws IOException {
        dataset = RunSettings.dataset(new ImageShape(1, 12, 12), 12, 9, 10);
        DistillationSettings convNets = guided(SelectionRule.K_MEANS);
        settings = convNets.withNetwork(convNets.network()
                .withArchitectures(List.of(MatchingArchitecture.CONVNET, MatchingArchitecture.RESNET_10)));
        trainingsBeforeTheStop = 8;

        assertResumesExactly();

        settings = convNets;
        run("convnets", false);
        assertThat(checkpoint("convnets")).isNotEqualTo(checkpoint("whole"));
    }

    @ParameterizedTest(name = "in training {0}, in loop {1}, {2}")
    @CsvSource({"6, 0, RANDOM", "8, 1, RANDOM", "8, 1, K_MEANS"})
    @DisplayName("gives the same bits when it resumes during the training or the matching of an expert")
    void resumesExactly(int training, int inner, SelectionRule representatives) throws IOException {
        settings = guided(representatives);
        trainingsBeforeTheStop = training;

        DistillationResult stopped = assertResumesExactly();

        assertThat(stopped.next().inner()).isEqualTo(inner);
        assertThat(stopped.studentRate()).isEmpty();
    }

    @Test
    @DisplayName("refuses to resume without an expert with which it has learned")
    void needsItsExperts() throws IOException {
        settings = guided(SelectionRule.RANDOM);
        trainingsBeforeTheStop = 8;
        RunSettings.await(
                start("interrupted", this::stoppingInTheSecondIteration).result());
        Files.delete(folder.resolve("interrupted-experts").resolve("expert-001.npz"));

        // when, then
        assertThatThrownBy(() -> run("interrupted", true))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("lacks expert 1, with which this run has learned");
    }

    @Test
    @DisplayName("reuses stored experts also if it chooses representatives")
    void reusesExpertsForRepresentatives() throws IOException {
        settings = guided(SelectionRule.K_MEANS);

        reusesStoredExperts();
    }

    @Test
    @DisplayName("skips a loop for which the engine takes no expert")
    void skipsLoopsWithoutAnExpert() {
        List<TelemetryEvent> events = new CopyOnWriteArrayList<>();

        DistillationResult result = RunSettings.await(Distillation.start(
                        request("unguided", false),
                        () -> unguidable(engine()),
                        List.of(events::add),
                        InstantSource.system())
                .result());

        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(events)
                .filteredOn(TelemetryEvent.Warning.class::isInstance)
                .hasSize(6)
                .first()
                .asString()
                .contains("inner loop 0 is skipped, and the run continues with the next one: the expert could not be"
                        + " loaded: too large");
    }

    private static DistillationEngine unguidable(DistillationEngine engine) {
        return WatchedCalls.before(DistillationEngine.class, engine, (method, _) -> {
            if (method.equals("guide")) {
                throw new IllegalStateException("too large");
            }
        });
    }
}
