package dev.reverie.actors.lifecycle;

/**
 * Limits on what one class stores.
 *
 * @param images maximum number of real images in the reservoir, at least 1
 * @param testImages maximum number of real images that are set aside for testing, at least 0
 * @param fingerprints capacity of the fingerprint window, at least 0
 */
public record ClassCapacity(int images, int testImages, int fingerprints) {

    public ClassCapacity {
        if (images < 1 || testImages < 0 || fingerprints < 0) {
            throw new IllegalArgumentException("a class needs a capacity of at least 1 image, 0 test images and"
                    + " 0 fingerprints, not " + images + ", " + testImages + " and " + fingerprints);
        }
    }
}
