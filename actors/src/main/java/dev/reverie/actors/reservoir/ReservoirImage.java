package dev.reverie.actors.reservoir;

import dev.reverie.gpu.dataset.Image;

/**
 * A real image that a reservoir holds.
 *
 * @param ordinal which sample of its class it was, from 0
 */
public record ReservoirImage(long ordinal, Image image) {}
