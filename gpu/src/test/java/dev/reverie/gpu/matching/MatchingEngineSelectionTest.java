package dev.reverie.gpu.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.select.SelectionRule;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatchingEngineSelectionTest extends AbstractMatchingEngineTest {

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STRATIFIED")
    @DisplayName("every selection returns the requested number of valid indices, repeatably")
    void selectionsAreValidAndRepeatable(SelectionRule selection) {
        ImageShape shape = new ImageShape(1, 16, 16);
        List<Image> candidates = images(shape, 40);
        try (MatchingEngine engine =
                MatchingEngine.open(settings(GradientDistance.MSE, 2, 2, "none"), shape, normalisation(1))) {
            SelectTask task = new SelectTask(NETWORK, selection, candidates, 8, DRAW);

            SelectOutcome outcome = engine.select(task);

            assertThat(outcome.indices()).hasSize(8).allMatch(index -> index >= 0 && index < 40);
            assertThat(engine.select(task)).isEqualTo(outcome);
            assertThat(outcome.discrepancy().isPresent()).isEqualTo(selection.needsFeatures());
        }
    }

    @Test
    @DisplayName("a stratified selection orders all candidates, repeatably, and reports the discrepancy of a batch")
    void stratifiedSelectionOrdersAll() {
        ImageShape shape = new ImageShape(1, 16, 16);
        List<Image> candidates = images(shape, 40);
        try (MatchingEngine engine =
                MatchingEngine.open(settings(GradientDistance.MSE, 2, 2, "none"), shape, normalisation(1))) {
            SelectTask task = new SelectTask(NETWORK, SelectionRule.STRATIFIED, candidates, 8, DRAW);

            SelectOutcome outcome = engine.select(task);

            assertThat(outcome.indices())
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 40).boxed().toList());
            assertThat(outcome.discrepancy().orElseThrow()).isBetween(1e-6, 1.0);
            assertThat(engine.select(task)).isEqualTo(outcome);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"K_MEANS", "HERDING", "K_CENTER"})
    @DisplayName("all candidates together represent the class exactly, a single one does not")
    void discrepancy(SelectionRule selection) {
        ImageShape shape = new ImageShape(1, 16, 16);
        List<Image> candidates = images(shape, 12);
        try (MatchingEngine engine =
                MatchingEngine.open(settings(GradientDistance.MSE, 2, 2, "none"), shape, normalisation(1))) {
            double ofAll = engine.select(new SelectTask(NETWORK, selection, candidates, 12, DRAW))
                    .discrepancy()
                    .orElseThrow();
            double single = engine.select(new SelectTask(NETWORK, selection, candidates, 1, DRAW))
                    .discrepancy()
                    .orElseThrow();

            assertThat(ofAll).isCloseTo(0, offset(1e-6));
            assertThat(single).isGreaterThan(0.1);
        }
    }
}
