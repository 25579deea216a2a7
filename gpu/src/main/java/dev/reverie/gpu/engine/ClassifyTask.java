package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.ImageBatch;

/**
 * Asks for the logits of a network on a batch of images.
 *
 * @param images in [0, 1], not augmented
 */
public record ClassifyTask(NetworkId network, ImageBatch images) {}
