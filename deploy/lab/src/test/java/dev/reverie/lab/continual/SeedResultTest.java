package dev.reverie.lab.continual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.lab.continual.ContinualResult.MethodSummary;
import dev.reverie.lab.continual.ContinualResult.SeedResult;
import dev.reverie.lab.continual.ContinualResult.SeedResult.StepAccuracy;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The result of a continual experiment")
class SeedResultTest {

    private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

    private final SeedResult result = new SeedResult(
            MemoryMethod.DREAM,
            60,
            0,
            List.of(
                    step(2, 15680, 0.9, List.of(0.9)),
                    step(4, 31360, 0.85, List.of(0.95, 0.75)),
                    step(6, 47040, 0.6, List.of(0.5, 0.8, 0.5))));

    @Test
    @DisplayName("has the mean accuracy over all steps")
    void averageAccuracy() {
        assertThat(result.averageAccuracy()).isEqualTo((0.9 + 0.85 + 0.6) / 3, ROUNDING);
    }

    @Test
    @DisplayName("has the mean drop from the best accuracy of each step but the last, negative for a rise")
    void forgetting() {
        double fell = 0.95 - 0.5;
        double rose = 0.75 - 0.8;

        assertThat(result.forgetting().orElseThrow()).isEqualTo((fell + rose) / 2, ROUNDING);
    }

    @Test
    @DisplayName("has no forgetting after a single step")
    void singleStep() {
        SeedResult single =
                new SeedResult(MemoryMethod.TILE, 60, 0, List.of(result.steps().getFirst()));

        assertThat(single.forgetting()).isEmpty();
        assertThat(MethodSummary.of(List.of(single)).getFirst().forgetting()).isEmpty();
    }

    @Test
    @DisplayName("is summarised per method as mean and standard deviation over the seeds")
    void overSeeds() {
        SeedResult other = new SeedResult(
                MemoryMethod.DREAM,
                60,
                1,
                List.of(
                        step(2, 15680, 0.7, List.of(0.7)),
                        step(4, 31360, 0.85, List.of(0.7, 1.0)),
                        step(6, 47040, 0.8, List.of(0.7, 0.9, 0.8))));
        SeedResult tile = new SeedResult(MemoryMethod.TILE, 60, 0, result.steps());

        List<MethodSummary> summaries = MethodSummary.of(List.of(result, tile, other));

        assertThat(summaries).extracting(MethodSummary::method).containsExactly(MemoryMethod.DREAM, MemoryMethod.TILE);
        MethodSummary dream = summaries.getFirst();
        assertThat(dream.seeds()).isEqualTo(2);
        assertThat(dream.finalAccuracy().mean()).isEqualTo(0.7, ROUNDING);
        assertThat(dream.finalAccuracy().std()).isEqualTo(0.1, ROUNDING);
        assertThat(dream.accuracy()).extracting(spread -> spread.std()).satisfies(stds -> assertThat(stds.get(1))
                .isZero());
        assertThat(dream.forgetting().orElseThrow().mean()).isEqualTo((0.2 + 0.05) / 2, ROUNDING);
    }

    @Test
    @DisplayName("is summarised over all networks of all seeds if several are trained on a memory")
    void overNetworks() {
        SeedResult two = new SeedResult(
                MemoryMethod.DREAM,
                60,
                0,
                List.of(
                        new StepAccuracy(2, 20, 15680, 0.9, List.of(0.8, 1.0), List.of(0.9)),
                        new StepAccuracy(4, 20, 31360, 0.7, List.of(0.6, 0.8), List.of(0.7, 0.7))));
        SeedResult other = new SeedResult(
                MemoryMethod.DREAM,
                60,
                1,
                List.of(
                        new StepAccuracy(2, 20, 15680, 0.9, List.of(0.9, 0.9), List.of(0.9)),
                        new StepAccuracy(4, 20, 31360, 0.7, List.of(0.5, 0.9), List.of(0.7, 0.7))));

        MethodSummary summary = MethodSummary.of(List.of(two, other)).getFirst();

        assertThat(summary.finalAccuracy().mean()).isEqualTo(0.7, ROUNDING);
        assertThat(summary.finalAccuracy().std()).isEqualTo(Math.sqrt((0.01 + 0.01 + 0.04 + 0.04) / 4), ROUNDING);
        assertThat(summary.accuracy().getFirst().std()).isEqualTo(Math.sqrt(0.02 / 4), ROUNDING);
        assertThat(summary.averageAccuracy().std()).isZero();
    }

    @Test
    @DisplayName("is summarised at the quality with the highest accuracy after the last step")
    void bestQuality() {
        List<SeedResult> results = List.of(
                new SeedResult(MemoryMethod.JPEG, 90, 0, result.steps()),
                new SeedResult(MemoryMethod.JPEG, 50, 0, result.steps().subList(0, 2)),
                new SeedResult(MemoryMethod.JPEG, 90, 1, result.steps()));

        assertThat(MethodSummary.of(results)).extracting(MethodSummary::quality).containsExactly(50);
    }

    @Test
    @DisplayName("is printed as a table, with the gains over the best coreset and the initial images of dream")
    void table() {
        List<MethodSummary> summaries = MethodSummary.of(List.of(
                result,
                of(MemoryMethod.DM, 0.56),
                of(MemoryMethod.HERDING, 0.55),
                of(MemoryMethod.RESERVOIR, 0.5),
                of(MemoryMethod.TILE, 0.57)));

        assertThat(ContinualReport.lines(summaries))
                .contains(
                        "dream            47,040       60  60.0         78.3         20.0            synthetic images, distilled by the running service",
                        "dream: +5.0 points of final accuracy over the best coreset (herding)",
                        "dream: +3.0 points of final accuracy over its initial images",
                        "dm: +1.0 points of final accuracy over the best coreset (herding)",
                        "dm: -1.0 points of final accuracy over tile");
    }

    /** Creates the accuracy of a single network. */
    private static StepAccuracy step(int classes, long bytes, double accuracy, List<Double> byStep) {
        return new StepAccuracy(classes, 20, bytes, accuracy, List.of(accuracy), byStep);
    }

    private static SeedResult of(MemoryMethod method, double accuracy) {
        return new SeedResult(method, 60, 0, List.of(step(2, 15680, accuracy, List.of(accuracy))));
    }

    @Test
    @DisplayName("splits ordered classes into steps, of which the first ones have more")
    void split() {
        assertThat(ContinualPlan.split(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), 5))
                .containsExactly(List.of(0, 1), List.of(2, 3), List.of(4, 5), List.of(6, 7), List.of(8, 9));
        assertThat(ContinualPlan.split(List.of(4, 2, 0, 3, 1), 3))
                .containsExactly(List.of(4, 2), List.of(0, 3), List.of(1));
        assertThatThrownBy(() -> ContinualPlan.split(List.of(0, 1), 3)).isInstanceOf(IllegalArgumentException.class);
    }
}
