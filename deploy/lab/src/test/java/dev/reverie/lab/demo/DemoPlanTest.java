package dev.reverie.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import dev.reverie.lab.report.ResultFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The plan of a demo")
class DemoPlanTest {

    private static final Dataset DATASET = new Dataset(
            "fashion-mnist",
            new ImageShape(1, 28, 28),
            List.of("Bag", "Coat"),
            new Normalisation(List.of(0.28), List.of(0.35)),
            List.of(),
            List.of());

    private static final int IPC = 10;
    private static final int STEPS = 1050;
    private static final int REPEATS = 2;
    private static final long SEED = 7;

    private final DemoPlan plan =
            new DemoPlan(IPC, Duration.ofMinutes(5), STEPS, REPEATS, SEED, new ResultFolder(Path.of("demo")));

    @Test
    @DisplayName("learns until its time limit")
    void learnsUntilTheLimit() {
        assertThat(plan.settings(DATASET, Method.DREAM).schedule().outerIterations())
                .isGreaterThan(Presets.quick(DATASET.name(), DATASET.shape(), Method.DREAM, IPC, 2, SEED)
                        .schedule()
                        .outerIterations());
        assertThat(plan.settings(DATASET, Method.TILE).schedule().outerIterations())
                .isZero();
    }

    @Test
    @DisplayName("gives every set the same number of gradient steps, whatever its number of decoded images")
    void sameSteps() {
        assertThat(stepsOn(400, Method.DREAM)).isEqualTo(STEPS);
        assertThat(stepsOn(100, Method.RANDOM)).isEqualTo(STEPS);
    }

    @Test
    @DisplayName("evaluates all sets with the same network and seed")
    void sameNetwork() {
        EvaluationSettings dream = evaluation(400, Method.DREAM);
        EvaluationSettings random = evaluation(100, Method.RANDOM);

        assertThat(dream.width()).isEqualTo(random.width());
        assertThat(dream.depth()).isEqualTo(random.depth());
        assertThat(dream.seed()).isEqualTo(random.seed());
        assertThat(dream.repeats()).isEqualTo(random.repeats()).isEqualTo(REPEATS);
    }

    @Test
    @DisplayName("stores the same number of images for every method, and initialises distilled ones like the tiles")
    void fair() {
        DistillationSettings dream = plan.settings(DATASET, Method.DREAM);
        DistillationSettings tile = plan.settings(DATASET, Method.TILE);

        assertThat(DemoPlan.METHODS)
                .allSatisfy(method ->
                        assertThat(plan.settings(DATASET, method).ipc()).isEqualTo(IPC));
        assertThat(tile.composition().initialiser())
                .isEqualTo(dream.composition().initialiser());
        assertThat(tile.factor()).isEqualTo(dream.factor());
        assertThat(tile.seed()).isEqualTo(dream.seed());
        assertThat(tile.network()).isEqualTo(dream.network());
    }

    private EvaluationSettings evaluation(int images, Method method) {
        return plan.evaluation(DATASET, plan.settings(DATASET, method), images);
    }

    private int stepsOn(int images, Method method) {
        EvaluationSettings settings = evaluation(images, method);
        return settings.recipe().epochs()
                * Math.ceilDiv(images, settings.recipe().batch());
    }
}
