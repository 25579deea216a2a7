package dev.reverie.actors.intake;

import dev.reverie.gpu.dataset.Image;
import java.util.Optional;

/**
 * One labelled image from a stream.
 *
 * @param label name of the class
 * @param id id by which duplicates are recognised; if empty, the class and the pixels identify the sample
 */
public record Sample(String label, Optional<String> id, Image image) {}
