package dev.reverie.actors.intake;

import dev.reverie.actors.serialization.Transferable;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.List;

/** What has happened to a service as a whole; stored for good. */
public sealed interface ClassRegistryEvent extends Transferable {

    /**
     * The service took an image while it had no class.
     *
     * @param seed of all its random choices about samples
     * @param shape of all its images until it has no class again
     */
    record Founded(long seed, ImageShape shape) implements ClassRegistryEvent {}

    /** Labels arrived; their indices are the next ones. */
    record LabelsRegistered(List<String> labels) implements ClassRegistryEvent {
        public LabelsRegistered {
            labels = List.copyOf(labels);
        }
    }

    /** A class is gone; what the store has of it is being deleted. */
    record ForgettingBegun(int label) implements ClassRegistryEvent {}

    /** Nothing of a class is left in the store. */
    record Forgotten(int label) implements ClassRegistryEvent {}
}
