package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.ImageBatch;

/**
 * Asks a network what it sees.
 *
 * @param images in [0, 1], not augmented
 */
public record ClassifyTask(NetworkId network, ImageBatch images) {}
