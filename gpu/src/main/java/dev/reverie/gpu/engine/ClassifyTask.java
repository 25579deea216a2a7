package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.ImageBatch;

/**
 * Asks for the logits of a network for a batch of images.
 *
 * @param network the newest matching network
 * @param images images with values in [0, 1], not augmented
 */
public record ClassifyTask(NetworkId network, ImageBatch images) {}
