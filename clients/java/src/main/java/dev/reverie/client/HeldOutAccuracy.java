package dev.reverie.client;

import java.time.Instant;

/**
 * The held-out accuracy of a memory: an evaluation network is trained only on a copy of the memory and classifies real
 * images that were set aside and never learned from.
 *
 * @param accuracy mean accuracy of the tested classes, in [0, 1]
 * @param images number of classified images
 * @param classes number of tested classes
 * @param memoryClasses number of classes of the memory, tested or not
 * @param taken time at which the copy of the memory was made
 * @param tested time at which the evaluation ended
 */
public record HeldOutAccuracy(
        double accuracy, int images, int classes, int memoryClasses, Instant taken, Instant tested) {}
