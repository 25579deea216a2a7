package dev.reverie.actors.registry;

import dev.reverie.actors.serialization.Transferable;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A persisted change to the list of classes. */
public sealed interface ClassRegistryEvent extends Transferable {

    /**
     * The service received an image while it had no class.
     *
     * @param seed seed of all random choices among samples
     * @param shape shape of all images until every class has been forgotten
     */
    record Initialised(long seed, ImageShape shape) implements ClassRegistryEvent {}

    /** New classes were registered; they take the next free indices. */
    record ClassesRegistered(List<String> names) implements ClassRegistryEvent {
        public ClassesRegistered {
            names = List.copyOf(names);
        }
    }

    /**
     * Classes have got their first durable samples. From now on, they have rows in the store until they are forgotten.
     */
    record ClassesPopulated(Set<Integer> classIndices) implements ClassRegistryEvent {
        public ClassesPopulated {
            classIndices = Set.copyOf(classIndices);
        }
    }

    /** The normalisation of the real data was computed. It is used until every class has been forgotten. */
    record NormalisationFixed(Normalisation normalisation) implements ClassRegistryEvent {}

    /** A class got another name for people to read; empty if they read its label from now on. */
    record ClassRenamed(int classIndex, Optional<String> displayName) implements ClassRegistryEvent {}

    /** A class was forgotten; its rows are being deleted from the store. */
    record ForgettingStarted(int classIndex) implements ClassRegistryEvent {}

    /** The store has no more rows of a forgotten class. */
    record Forgotten(int classIndex) implements ClassRegistryEvent {}
}
