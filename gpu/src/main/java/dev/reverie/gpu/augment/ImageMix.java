package dev.reverie.gpu.augment;

/**
 * What an image of a batch shows after mixing: itself, and where the weight is below 1 another of the batch as well.
 *
 * @param partner index in the batch of what was pasted in; may be the image itself
 * @param weight share of the pixels that are the image's own, in [0, 1]
 */
public record ImageMix(int partner, double weight) {

    /** The image at {@code index}, which was not mixed. */
    static ImageMix none(int index) {
        return new ImageMix(index, 1);
    }

    /**
     * What a network should say of the mixed image: weight * own + (1 - weight) * other.
     *
     * @param own distribution over the classes of the image itself
     * @param other that of its partner
     */
    public double[] target(double[] own, double[] other) {
        double[] mixed = new double[own.length];
        for (int k = 0; k < mixed.length; k++) {
            mixed[k] = weight * own[k] + (1 - weight) * other[k];
        }
        return mixed;
    }
}
