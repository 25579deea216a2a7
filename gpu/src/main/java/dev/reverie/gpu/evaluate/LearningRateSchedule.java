package dev.reverie.gpu.evaluate;

/** How the learning rate falls in the course of a training. */
public enum LearningRateSchedule {
    /** Never drops. */
    CONSTANT,
    /**
     * Drops to a fifth after two thirds of the training, and again after five sixths, as in the evaluation of IDC and
     * DREAM.
     */
    THIRDS,
    /**
     * Drops to a fifth after three fifths of the training, and again after four fifths, as in the class-incremental
     * experiment of IDC.
     */
    FIFTHS,
    /**
     * Drops to a tenth after half of the training, with a new optimiser, as in the evaluation of DC, DSA and DM. Their
     * programs train for E + 1 epochs, from 0 to E, and the rate drops after epoch floor(E / 2) + 1.
     */
    HALF,
    /** Falls to a half along half a cosine wave, as in the evaluation of RDED. */
    HALF_COSINE,
    /** Drops to a tenth after half of the training, as in the demonstration of DD-Ranking. */
    MIDDLE;

    private static final double FIFTH = 0.2;
    private static final double TENTH = 0.1;

    /**
     * Returns the learning rate as a fraction of the initial one, at a position in the training that is counted, like
     * its whole length, in epochs, steps or images.
     */
    public double share(int position, int length) {
        return switch (this) {
            case CONSTANT -> 1;
            case THIRDS -> (position >= 2L * length / 3 ? FIFTH : 1) * (position >= 5L * length / 6 ? FIFTH : 1);
            case FIFTHS -> (position >= 3L * length / 5 ? FIFTH : 1) * (position >= 4L * length / 5 ? FIFTH : 1);
            case HALF -> position >= afterHalf(length) ? TENTH : 1;
            case HALF_COSINE -> (1 + Math.cos(Math.PI * position / (2.0 * length))) / 2;
            case MIDDLE -> position >= length / 2 ? TENTH : 1;
        };
    }

    /** Whether the training continues with a new optimiser at a position. */
    boolean resetsOptimiser(int position, int length) {
        return this == HALF && position == afterHalf(length);
    }

    private static int afterHalf(int length) {
        return (length - 1) / 2 + 2;
    }
}
