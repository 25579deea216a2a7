package dev.reverie.actors.lifecycle;

import dev.reverie.gpu.dataset.ImageBatch;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * The synthetic images of a class and the state of their optimiser.
 *
 * @param images stored synthetic images, not clamped
 * @param velocity their momentum, same shape
 * @param average their running average, same shape, which is what clients get
 * @param innerLoops in which the class was matched
 * @param matchingLoss of its last class step that reported one
 * @param updated when the images last changed
 */
public record LearnedImages(
        ImageBatch images,
        ImageBatch velocity,
        ImageBatch average,
        long innerLoops,
        OptionalDouble matchingLoss,
        Instant updated) {}
