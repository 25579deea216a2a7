package dev.reverie.gpu.method;

/**
 * The training of an expert on the real images. Its parameters are saved before the first epoch and after each epoch.
 *
 * @param epochs number of epochs
 * @param epochSamples number of real images per epoch
 * @param decay factor by which the learning rate is multiplied after each epoch
 */
public record ExpertTraining(int epochs, int epochSamples, double decay) {

    /** Number of real images, summed over all epochs. */
    public int samples() {
        return Math.multiplyExact(epochs, epochSamples);
    }

    /** Learning rate after {@code before} images, as a fraction of that of the first epoch. */
    public double rateShare(int before) {
        int epoch = before / epochSamples;
        return StrictMath.pow(decay, epoch);
    }

    /** Number of real images that are left in the current epoch after {@code before} images. */
    public int untilEpochEnd(int before) {
        return epochSamples - before % epochSamples;
    }
}
