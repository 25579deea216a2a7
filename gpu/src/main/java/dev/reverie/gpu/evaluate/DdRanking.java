package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.method.Seeds.Purpose;
import dev.reverie.gpu.select.RandomSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Computes a set's DD-Ranking scores: compares the set to the real data and to equally large random subsets of the real
 * data, with and without soft labels and augmentation. The accuracy of a training run is its best test accuracy.
 * Training on the set uses the set's recipe. For the random baseline, each round draws a new subset, trains on it with
 * the same recipe at each learning rate in a grid, and uses the best accuracy.
 *
 * @param stored number of stored images per class in the set; each random subset has the same number of images per
 *     class
 * @param real all real training images, with the class indices of the set
 * @param settings recipe of the set, networks, number of rounds ({@code repeats}) and seed
 * @param realEpochs number of epochs of training on all real images, at least 1
 */
public record DdRanking(
        TrainingImages hard,
        Optional<TrainingImages> soft,
        int stored,
        List<LabelledImage> real,
        List<LabelledImage> test,
        EvaluationSettings settings,
        int realEpochs) {

    /** Learning rates tried for a random subset. */
    static final List<Double> RATES = List.of(0.001, 0.005, 0.01, 0.05, 0.1);

    private static final int REAL_BATCH = 256;

    /** The number of gradient steps of all training runs together. */
    public long steps() {
        long ofSet = steps(hard, settings.recipe());
        long ofRandom = RATES.size() * steps(subset(0), settings.recipe());
        long trainingsOfSet = soft.isPresent() ? 3 : 2;
        return steps(all(), reference()) + settings.repeats() * (trainingsOfSet * ofSet + 2 * ofRandom);
    }

    private static long steps(TrainingImages images, TrainingRecipe recipe) {
        return (long) recipe.epochs() * Math.ceilDiv(images.count(), recipe.batch());
    }

    /** Performs all training runs and computes the scores. */
    public DdRankingScores score(Evaluator evaluator, EvaluationProgress progress) {
        TrainingRecipe own = settings.recipe();
        TrainingRecipe plain = own.withoutAugmentation();
        TrainingImages set = soft.orElse(hard);
        double ofReal = accuracy(evaluator, all(), reference(), 0, progress);
        List<DdRankingScores.Round> rounds = new ArrayList<>();
        for (int round = 0; round < settings.repeats(); round++) {
            TrainingImages random = subset(round);
            double ofSet = accuracy(evaluator, set, own, round, progress);
            rounds.add(new DdRankingScores.Round(
                    ofReal,
                    soft.isPresent() ? accuracy(evaluator, hard, own, round, progress) : ofSet,
                    ofSet,
                    bestOfRates(evaluator, random, own, round, progress),
                    accuracy(evaluator, set, plain, round, progress),
                    bestOfRates(evaluator, random, plain, round, progress)));
        }
        return DdRankingScores.of(rounds);
    }

    private double bestOfRates(
            Evaluator evaluator, TrainingImages images, TrainingRecipe recipe, int round, EvaluationProgress progress) {
        return RATES.stream()
                .mapToDouble(rate -> accuracy(evaluator, images, recipe.withLearningRate(rate), round, progress))
                .max()
                .orElseThrow();
    }

    /** Returns the best accuracy of a single network that is trained for whole epochs. */
    private double accuracy(
            Evaluator evaluator, TrainingImages images, TrainingRecipe recipe, int round, EvaluationProgress progress) {
        EvaluationSettings once = settings.with()
                .recipe(recipe)
                .repeats(1)
                .seed(Seeds.of(settings.seed(), Purpose.RANK, round))
                .steps(Optional.empty())
                .build();
        return evaluator.evaluate(images, test, once, progress).bestMean();
    }

    private TrainingImages all() {
        return TrainingImages.of(real, hard);
    }

    private TrainingRecipe reference() {
        return settings.recipe().withEpochs(realEpochs).withBatch(REAL_BATCH);
    }

    private TrainingImages subset(int round) {
        List<LabelledImage> drawn = IntStream.range(0, hard.classes())
                .boxed()
                .flatMap(label -> drawn(label, round))
                .toList();
        return TrainingImages.of(drawn, hard);
    }

    private Stream<LabelledImage> drawn(int label, int round) {
        List<LabelledImage> candidates =
                real.stream().filter(sample -> sample.label() == label).toList();
        long selectionSeed = Seeds.of(settings.seed(), Purpose.RANK, round, label);
        return RandomSelection.of(candidates.size(), Math.min(stored, candidates.size()), selectionSeed).stream()
                .map(candidates::get);
    }
}
