package dev.reverie.gpu.evaluate;

import java.util.List;
import java.util.function.Function;

/**
 * The scores of DD-Ranking (version 0.2.0). The released program applies the exponential function to percentages;
 * Reverie applies it to fractions, as the paper does.
 *
 * @param hardLabelRecovery accuracy of the real data minus that of the set with hard labels; lower is better
 * @param improvementOverRandom accuracy of the set with its own recipe minus that of random real images; higher is
 *     better
 * @param labelRobust LRS in [0, 1]: the improvement over random minus the hard label recovery, equally weighted and
 *     {@linkplain #normalised normalised}
 * @param augmentationRobust ARS in [0, 1]: the sum of the improvements over random with and without augmentation,
 *     equally weighted and {@linkplain #normalised normalised}
 */
public record DdRankingScores(
        List<Round> rounds,
        MeanAndStd hardLabelRecovery,
        MeanAndStd improvementOverRandom,
        MeanAndStd labelRobust,
        MeanAndStd augmentationRobust) {

    /** Weight of the first of the two terms of a score. */
    private static final double SHARE = 0.5;

    public DdRankingScores {
        rounds = List.copyOf(rounds);
    }

    /**
     * The accuracies of one round, as fractions in [0, 1]: after training on all real images, on the set with hard
     * labels, on the set and on random real images by the set's own recipe, and on both without augmentation.
     */
    public record Round(double real, double hard, double own, double random, double plain, double plainRandom) {

        double recovery() {
            return real - hard;
        }

        double improvement() {
            return own - random;
        }

        double labelRobust() {
            return normalised(SHARE * improvement() - (1 - SHARE) * recovery());
        }

        double augmentationRobust() {
            return normalised(SHARE * improvement() + (1 - SHARE) * (plain - plainRandom));
        }
    }

    /** {@code (exp(x) - exp(-1)) / (exp(1) - exp(-1))}, which maps [-1, 1] to [0, 1]. */
    static double normalised(double x) {
        return (Math.exp(x) - Math.exp(-1)) / (Math.E - Math.exp(-1));
    }

    static DdRankingScores of(List<Round> rounds) {
        return new DdRankingScores(
                rounds,
                meanAndStd(rounds, Round::recovery),
                meanAndStd(rounds, Round::improvement),
                meanAndStd(rounds, Round::labelRobust),
                meanAndStd(rounds, Round::augmentationRobust));
    }

    private static MeanAndStd meanAndStd(List<Round> rounds, Function<Round, Double> value) {
        return MeanAndStd.of(rounds.stream().map(value).toList());
    }
}
