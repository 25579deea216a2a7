package dev.reverie.actors.reservoir;

import dev.reverie.gpu.dataset.Image;

/**
 * A real image in a reservoir.
 *
 * @param ordinal ordinal of the sample among all samples of its class, from 0
 */
public record ReservoirImage(long ordinal, Image image) {}
