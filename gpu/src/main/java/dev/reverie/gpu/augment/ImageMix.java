package dev.reverie.gpu.augment;

/**
 * The composition of an image after mixing: itself and, if the weight is below 1, another image of the batch.
 *
 * @param partner index in the batch of the pasted image; may be the image itself
 * @param weight share of the pixels that are the image's own, in [0, 1]
 */
public record ImageMix(int partner, double weight) {

    /** An unmixed image at {@code index}. */
    static ImageMix none(int index) {
        return new ImageMix(index, 1);
    }

    /**
     * The target distribution of the mixed image: weight * own + (1 - weight) * other.
     *
     * @param own distribution over the classes of the image itself
     * @param other distribution of its partner
     */
    public double[] target(double[] own, double[] other) {
        double[] mixed = new double[own.length];
        for (int k = 0; k < mixed.length; k++) {
            mixed[k] = weight * own[k] + (1 - weight) * other[k];
        }
        return mixed;
    }
}
