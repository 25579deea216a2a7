package dev.reverie.actors.intake;

import dev.reverie.actors.lifecycle.ClassCapacity;

/**
 * How much a service takes in and holds.
 *
 * @param classes at most so many
 * @param imagesPerClass in a reservoir at most, at least 1
 * @param bytesPerClass of a reservoir at most: a snapshot of the class is not much larger
 * @param reservoirBytes of all reservoirs together, about
 * @param fingerprintsPerClass by which repetitions are recognised, at most
 * @param fingerprints of all classes together, about
 * @param bytesInFlight of deliveries that are not answered yet; one delivery is always taken
 */
public record IntakeLimits(
        int classes,
        int imagesPerClass,
        long bytesPerClass,
        long reservoirBytes,
        int fingerprintsPerClass,
        long fingerprints,
        long bytesInFlight) {

    private static final long MEBIBYTE = 1 << 20;

    /** For a machine with a few gigabytes. */
    public static final IntakeLimits DEFAULT =
            new IntakeLimits(10_000, 5_000, 16 * MEBIBYTE, 512 * MEBIBYTE, 200_000, 2_000_000, 64 * MEBIBYTE);

    public IntakeLimits {
        if (classes < 1 || imagesPerClass < 1 || bytesPerClass < 1 || reservoirBytes < 1 || bytesInFlight < 1) {
            throw new IllegalArgumentException("limits of classes, images and bytes are at least 1");
        }
        if (fingerprintsPerClass < 0 || fingerprints < 0) {
            throw new IllegalArgumentException("numbers of fingerprints are at least 0");
        }
    }

    /**
     * What one of so many classes may hold. Budgets are dealt to the next power of two, so that they are dealt anew
     * when the number of classes doubles, not with every class.
     *
     * @param imageBytes of one image
     */
    ClassCapacity capacity(int classesNow, int imageBytes) {
        long shares = Math.max(1, Long.highestOneBit(Math.max(1, 2L * classesNow - 1)));
        long bytes = Math.min(bytesPerClass, reservoirBytes / shares);
        return new ClassCapacity(Math.clamp(bytes / imageBytes, 1, imagesPerClass), (int)
                Math.min(fingerprintsPerClass, fingerprints / shares));
    }
}
