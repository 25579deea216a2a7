package dev.reverie.gpu.augment;

import java.util.List;

/**
 * The images of a training batch as a network sees them, with their targets.
 *
 * @param images normalised, augmented and mixed images
 * @param targets one distribution over the classes per image, mixed in the same way
 */
public record TrainingBatch(List<double[]> images, List<double[]> targets) {}
