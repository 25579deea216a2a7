package dev.reverie.actors.lifecycle;

import dev.reverie.gpu.dataset.ImageBatch;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * The synthetic images of a class and the state of their optimiser.
 *
 * @param images stored synthetic images, not clamped
 * @param velocity momentum of the images; has the same shape as {@code images}
 * @param average running average of the images; has the same shape as {@code images}; clients receive this average
 * @param innerLoops number of inner loops in which the class was matched
 * @param matchingLoss matching loss of the last class step; empty before the first one
 * @param updated time at which the images last changed
 */
public record LearnedImages(
        ImageBatch images,
        ImageBatch velocity,
        ImageBatch average,
        long innerLoops,
        OptionalDouble matchingLoss,
        Instant updated) {}
