package dev.reverie.gpu.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.OneHotLabels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A DD-Ranking score")
class DdRankingTest {

    private static final ImageShape SHAPE = new ImageShape(1, 8, 8);
    private static final TrainingRecipe RECIPE = TrainingRecipe.sgd(4, 4, 0.05, "color_crop", 0.5);
    private static final double EXACT = 1e-12;

    private final SplittableRandom random = new SplittableRandom(1);
    private final List<LabelledImage> real = images(40);
    private final TrainingImages set = TrainingImages.of(
            real.subList(0, 4),
            new TrainingImages(
                    SHAPE,
                    2,
                    new Normalisation(List.of(0.5), List.of(0.25)),
                    0,
                    _ -> new double[0],
                    _ -> new double[0]));

    @Test
    @DisplayName("maps fractions with (exp(x) - 1/e) / (e - 1/e)")
    void formulas() {
        DdRankingScores.Round first = new DdRankingScores.Round(0.9, 0.6, 0.7, 0.5, 0.4, 0.35);
        DdRankingScores.Round second = new DdRankingScores.Round(0.9, 0.8, 0.8, 0.5, 0.4, 0.45);

        DdRankingScores scores = DdRankingScores.of(List.of(first, second));

        // HLR 0.3 and 0.1; IOR 0.2 and 0.3; alpha -0.05 and 0.1; beta 0.125 and 0.125
        assertThat(scores.hardLabelRecovery().mean()).isEqualTo(0.2, within(EXACT));
        assertThat(scores.hardLabelRecovery().std()).isEqualTo(0.1, within(EXACT));
        assertThat(scores.improvementOverRandom().mean()).isEqualTo(0.25, within(EXACT));
        double low = (Math.exp(-0.05) - Math.exp(-1)) / (Math.exp(1) - Math.exp(-1));
        double high = (Math.exp(0.1) - Math.exp(-1)) / (Math.exp(1) - Math.exp(-1));
        assertThat(scores.labelRobust().mean()).isEqualTo((low + high) / 2, within(EXACT));
        assertThat(scores.labelRobust().std()).isEqualTo((high - low) / 2, within(EXACT));
        assertThat(scores.augmentationRobust().mean())
                .isEqualTo((Math.exp(0.125) - Math.exp(-1)) / (Math.exp(1) - Math.exp(-1)), within(EXACT));
    }

    @Test
    @DisplayName("is 0.269 for a set no better than random, 0 for the worst and 1 for the best")
    void range() {
        assertThat(DdRankingScores.normalised(0)).isEqualTo(0.269, within(5e-4));
        assertThat(DdRankingScores.normalised(-1)).isEqualTo(0, within(EXACT));
        assertThat(DdRankingScores.normalised(1)).isEqualTo(1, within(EXACT));
    }

    @Test
    @DisplayName("trains the declared number of steps, and is equal for equal seeds")
    void steps() {
        DdRanking ranking = ranking(Optional.empty());
        long[] steps = {0};
        try (Evaluator evaluator = Evaluator.open()) {
            DdRankingScores scores = ranking.score(evaluator, new EvaluationProgress() {
                @Override
                public void epoch(int repeat, int epoch, int epochs, double loss) {}

                @Override
                public void step() {
                    steps[0]++;
                }
            });

            // 40 images in one batch, twice; each round 4 epochs of a batch for the set and for 5 rates, both twice
            assertThat(ranking.steps()).isEqualTo(2 + 2 * (2 * 4 + 2 * 5 * 4));
            assertThat(steps[0]).isEqualTo(ranking.steps());
            assertThat(scores.rounds()).hasSize(2).allSatisfy(round -> {
                assertThat(round.own()).isEqualTo(round.hard());
                assertThat(round.real()).isBetween(0.0, 1.0);
            });
            assertThat(ranking.score(evaluator, EvaluationProgress.silent())).isEqualTo(scores);
        }
    }

    @Test
    @DisplayName("distinguishes soft labels from hard ones")
    void softLabels() {
        TrainingImages misled = new TrainingImages(
                SHAPE, 2, set.normalisation(), set.count(), set.images(), index -> OneHotLabels.of(1 - index % 2, 2));
        try (Evaluator evaluator = Evaluator.open()) {
            DdRanking ranking = ranking(Optional.of(misled));

            DdRankingScores scores = ranking.score(evaluator, EvaluationProgress.silent());

            assertThat(ranking.steps()).isEqualTo(2 + 2 * (3 * 4 + 2 * 5 * 4));
            assertThat(scores.rounds())
                    .anySatisfy(round -> assertThat(round.own()).isLessThan(round.hard()));
        }
    }

    private DdRanking ranking(Optional<TrainingImages> soft) {
        EvaluationSettings settings = EvaluationSettingsBuilder.builder()
                .recipe(RECIPE)
                .width(2)
                .depth(1)
                .repeats(2)
                .seed(5)
                .build();
        return new DdRanking(set, soft, 2, real, images(30), settings, 2);
    }

    /** Images that are bright in the upper or the lower half, alternately. */
    private List<LabelledImage> images(int count) {
        List<LabelledImage> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] pixels = new byte[SHAPE.size()];
            for (int at = 0; at < pixels.length; at++) {
                pixels[at] = (byte) (random.nextInt(60) + (at / 32 == i % 2 ? 150 : 0));
            }
            images.add(new LabelledImage(Image.of(SHAPE, pixels), i % 2));
        }
        return images;
    }
}
