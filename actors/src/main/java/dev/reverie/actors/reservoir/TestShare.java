package dev.reverie.actors.reservoir;

import dev.reverie.gpu.method.Seeds;

/**
 * Decides which images of a class are set aside for testing. Except for the first images of the class, the decision
 * depends only on a key and on the content of the image, so an image that arrives again, perhaps with another id, is
 * treated as before.
 *
 * @param key seed of the random choices
 * @param share share of the images that are set aside, in [0, 0.5]
 */
public record TestShare(long key, double share) {

    /** Number of longs that are not negative. */
    private static final double NON_NEGATIVE_LONGS = 0x1p63;

    public TestShare {
        if (!(share >= 0 && share <= 0.5)) {
            throw new IllegalArgumentException("the share of test images must be from 0 to 0.5, not " + share);
        }
    }

    /** The number of images that fit next to a reservoir; at least 1, unless the share is 0. */
    public static int capacity(double share, int reservoirCapacity) {
        return (int) Math.ceil(share * reservoirCapacity);
    }

    /**
     * Whether an image is set aside. The first {@code 1 / share} images of a class are not, so that the memory does not
     * wait for its first image.
     *
     * @param ordinal ordinal of the image among all samples of its class, from 0
     * @param content hash of the image
     */
    public boolean contains(long ordinal, long content) {
        return ordinal * share >= 1
                && (Seeds.of(key, Seeds.Purpose.TEST_IMAGES, content) >>> 1) < share * NON_NEGATIVE_LONGS;
    }
}
