package dev.reverie.actors.intake;

import dev.reverie.gpu.dataset.Image;
import java.util.Optional;

/**
 * One labelled image of the stream.
 *
 * @param label name of its class
 * @param id identifies the sample, so that a duplicate counts once; if empty, label and pixels identify it
 */
public record Sample(String label, Optional<String> id, Image image) {}
