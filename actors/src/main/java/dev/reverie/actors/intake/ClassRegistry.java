package dev.reverie.actors.intake;

import dev.reverie.actors.serialization.Transferable;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which classes there are. Immutable.
 *
 * @param revision number of events so far
 * @param founding the last one; empty before the first image
 * @param labels in the order of first arrival, each at its index; empty where a class was forgotten, whose index is
 *     never given to another one
 * @param forgetting indices of classes of which something may be left in the store
 */
public record ClassRegistry(
        long revision,
        Optional<ClassRegistryEvent.Founded> founding,
        List<Optional<String>> labels,
        Set<Integer> forgetting)
        implements Transferable {

    static final ClassRegistry EMPTY = new ClassRegistry(0, Optional.empty(), List.of(), Set.of());

    public ClassRegistry {
        labels = List.copyOf(labels);
        forgetting = Set.copyOf(forgetting);
    }

    /** Of the images of all classes; empty while there is no class, so the next one may have another. */
    Optional<ImageShape> shape() {
        return labels.stream().anyMatch(Optional::isPresent)
                ? founding.map(ClassRegistryEvent.Founded::shape)
                : Optional.empty();
    }

    ClassRegistry after(ClassRegistryEvent event) {
        List<Optional<String>> names = new ArrayList<>(labels);
        Set<Integer> leaving = new HashSet<>(forgetting);
        Optional<ClassRegistryEvent.Founded> founded = founding;
        switch (event) {
            case ClassRegistryEvent.Founded first -> founded = Optional.of(first);
            case ClassRegistryEvent.LabelsRegistered(var arrived) ->
                arrived.forEach(label -> names.add(Optional.of(label)));
            case ClassRegistryEvent.ForgettingBegun(var label) -> {
                names.set(label, Optional.empty());
                leaving.add(label);
            }
            case ClassRegistryEvent.Forgotten(var label) -> leaving.remove(label);
        }
        return new ClassRegistry(revision + 1, founded, names, leaving);
    }
}
