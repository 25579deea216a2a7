package dev.reverie.actors.intake;

import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.reservoir.TestShare;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.Optional;

/**
 * Limits on what a service accepts and stores.
 *
 * @param classes maximum number of classes
 * @param imagesPerClass maximum number of images in a reservoir, at least 1
 * @param bytesPerClass maximum size of a reservoir, in bytes; a snapshot of its class is only slightly larger
 * @param reservoirBytes approximate limit on the total size of all reservoirs, in bytes; test images come on top
 * @param fingerprintsPerClass capacity of the fingerprint window of a class
 * @param fingerprints approximate limit on the total number of fingerprints of all classes; those of the last two
 *     deliveries to each class may exceed it
 * @param pendingBytes maximum total size of pending deliveries in memory, in bytes; a single delivery may exceed it
 * @param maxAge age at which real images leave their class, positive; empty if images of any age stay
 */
@RecordBuilder
@RecordBuilder.Options(addClassRetainedGenerated = true, addFunctionalMethodsToWith = false)
public record IntakeLimits(
        int classes,
        int imagesPerClass,
        long bytesPerClass,
        long reservoirBytes,
        int fingerprintsPerClass,
        long fingerprints,
        long pendingBytes,
        Optional<Duration> maxAge)
        implements IntakeLimitsBuilder.With {

    private static final long MEBIBYTE = 1 << 20;

    /** Limits for a machine with a few gigabytes of memory. */
    public static final IntakeLimits DEFAULT = new IntakeLimits(
            10_000, 5_000, 16 * MEBIBYTE, 512 * MEBIBYTE, 200_000, 2_000_000, 64 * MEBIBYTE, Optional.empty());

    public IntakeLimits {
        if (classes < 1 || imagesPerClass < 1 || bytesPerClass < 1 || reservoirBytes < 1 || pendingBytes < 1) {
            throw new IllegalArgumentException("the limits of classes, images and bytes must be at least 1");
        }
        if (fingerprintsPerClass < 0 || fingerprints < 0) {
            throw new IllegalArgumentException("the limits of fingerprints must be at least 0");
        }
        if (maxAge.filter(age -> !age.isPositive()).isPresent()) {
            throw new IllegalArgumentException("the maximum age of images must be positive");
        }
    }

    /**
     * The limits of several nodes that divide the classes among themselves. What all classes share grows with the
     * nodes; the limits of a class, of the number of classes and of deliveries stay.
     *
     * @param nodes number of nodes, at least 1
     */
    public IntakeLimits ofNodes(int nodes) {
        return withReservoirBytes(nodes * reservoirBytes).withFingerprints(nodes * fingerprints);
    }

    /**
     * Divides the budgets among the classes and returns the capacity of one class. The number of classes is rounded up
     * to a power of two, so that the capacities do not change with every new class.
     *
     * @param classCount current number of classes
     * @param imageBytes size of one image, in bytes
     * @param testShare number of test images, as a share of the images in the reservoir
     */
    ClassCapacity capacityPerClass(int classCount, int imageBytes, double testShare) {
        long shares = Math.max(1, Long.highestOneBit(Math.max(1, 2L * classCount - 1)));
        long bytes = Math.min(bytesPerClass, reservoirBytes / shares);
        int images = Math.clamp(bytes / imageBytes, 1, imagesPerClass);
        return new ClassCapacity(images, TestShare.capacity(testShare, images), (int)
                Math.min(fingerprintsPerClass, Math.ceilDiv(fingerprints, shares)));
    }
}
