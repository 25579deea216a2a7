package dev.reverie.gpu.augment;

/**
 * The composition of an image after mixing: the original image and, if the weight is below 1, part of another image in
 * the batch.
 *
 * @param partner index, within the batch, of the image that was pasted in; can be the index of the original image
 * @param weight fraction of the pixels that come from the original image, in [0, 1]
 */
public record ImageMix(int partner, double weight) {

    /** Describes an unmixed image at {@code index}. */
    static ImageMix none(int index) {
        return new ImageMix(index, 1);
    }

    /**
     * Returns the target distribution of the mixed image: weight * own + (1 - weight) * other.
     *
     * @param own target distribution of the original image over the classes
     * @param other target distribution of the partner over the classes
     */
    public double[] target(double[] own, double[] other) {
        double[] mixed = new double[own.length];
        for (int k = 0; k < mixed.length; k++) {
            mixed[k] = weight * own[k] + (1 - weight) * other[k];
        }
        return mixed;
    }
}
