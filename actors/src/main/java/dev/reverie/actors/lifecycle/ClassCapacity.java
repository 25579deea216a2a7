package dev.reverie.actors.lifecycle;

/**
 * Limits on what one class stores.
 *
 * @param images maximum number of real images in the reservoir, at least 1
 * @param fingerprints capacity of the fingerprint window, at least 0
 */
public record ClassCapacity(int images, int fingerprints) {

    public ClassCapacity {
        if (images < 1 || fingerprints < 0) {
            throw new IllegalArgumentException("a class needs a capacity of at least 1 image and 0 fingerprints, not "
                    + images + " and " + fingerprints);
        }
    }
}
