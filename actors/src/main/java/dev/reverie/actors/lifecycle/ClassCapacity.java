package dev.reverie.actors.lifecycle;

/**
 * How much a class may hold.
 *
 * @param images real ones in its reservoir
 * @param fingerprints of its last samples, by which repetitions are recognised
 */
public record ClassCapacity(int images, int fingerprints) {

    public ClassCapacity {
        if (images < 1 || fingerprints < 0) {
            throw new IllegalArgumentException("a class holds at least one image, got a capacity of " + images
                    + " images and " + fingerprints + " fingerprints");
        }
    }
}
