package dev.reverie.actors.lifecycle;

import dev.reverie.actors.serialization.Transferable;
import java.util.Optional;

/**
 * A snapshot of a class in the store. While a class is in use, its learned images are only in {@link ClassLearning},
 * which changes them; a snapshot has them as they were when it was taken.
 *
 * @param learned the learned images; empty while clients get real images
 */
public record StoredClass(ClassState state, Optional<LearnedImages> learned) implements Transferable {}
