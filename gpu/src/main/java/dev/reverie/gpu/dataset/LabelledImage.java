package dev.reverie.gpu.dataset;

/**
 * A real image and the index of its class.
 *
 * @param label class index, at least 0
 */
public record LabelledImage(Image image, int label) {

    public LabelledImage {
        if (label < 0) {
            throw new IllegalArgumentException("a class index must be at least 0, got " + label);
        }
    }
}
