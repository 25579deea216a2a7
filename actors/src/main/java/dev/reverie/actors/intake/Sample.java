package dev.reverie.actors.intake;

import dev.reverie.gpu.dataset.Image;
import java.util.Optional;

/**
 * One labelled image of the stream.
 *
 * @param label name of its class
 * @param id by which a repetition is recognised; without one, label and pixels together are the id
 */
public record Sample(String label, Optional<String> id, Image image) {}
