package dev.reverie.actors.lifecycle;

import dev.reverie.gpu.dataset.ImageBatch;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * What a class has learned.
 *
 * @param images stored synthetic images, not clamped
 * @param velocity their momentum, same shape
 * @param average their running average, same shape: what is handed out
 * @param innerLoops in which the class was matched
 * @param matchingLoss of its last class step that told one
 * @param updated when the images last changed
 */
public record LearnedImages(
        ImageBatch images,
        ImageBatch velocity,
        ImageBatch average,
        long innerLoops,
        OptionalDouble matchingLoss,
        Instant updated) {}
