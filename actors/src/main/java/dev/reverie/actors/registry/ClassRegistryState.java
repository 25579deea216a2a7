package dev.reverie.actors.registry;

import dev.reverie.actors.serialization.Transferable;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The durable list of classes of a service. Immutable.
 *
 * @param revision number of events so far
 * @param initialised the most recent seed and image shape; empty before the first image
 * @param names names of the classes by index, in the order of first arrival; a forgotten class has no name but keeps
 *     its index, which is never reused
 * @param forgetting indices of forgotten classes that may still have rows in the store
 */
public record ClassRegistryState(
        long revision,
        Optional<ClassRegistryEvent.Initialised> initialised,
        List<Optional<String>> names,
        Set<Integer> forgetting)
        implements Transferable {

    /** The registry of a service that has never stored an image. */
    public static final ClassRegistryState EMPTY = new ClassRegistryState(0, Optional.empty(), List.of(), Set.of());

    public ClassRegistryState {
        names = List.copyOf(names);
        forgetting = Set.copyOf(forgetting);
    }

    /**
     * Shape of the images of all classes; empty while the service has no class, since the next class may have another
     * shape.
     */
    public Optional<ImageShape> shape() {
        return names.stream().anyMatch(Optional::isPresent)
                ? initialised.map(ClassRegistryEvent.Initialised::shape)
                : Optional.empty();
    }

    ClassRegistryState after(ClassRegistryEvent event) {
        List<Optional<String>> namesNow = new ArrayList<>(names);
        Set<Integer> forgettingNow = new HashSet<>(forgetting);
        Optional<ClassRegistryEvent.Initialised> initialisedNow = initialised;
        switch (event) {
            case ClassRegistryEvent.Initialised latest -> initialisedNow = Optional.of(latest);
            case ClassRegistryEvent.ClassesRegistered(var added) ->
                added.forEach(name -> namesNow.add(Optional.of(name)));
            case ClassRegistryEvent.ForgettingStarted(var label) -> {
                namesNow.set(label, Optional.empty());
                forgettingNow.add(label);
            }
            case ClassRegistryEvent.Forgotten(var label) -> forgettingNow.remove(label);
        }
        return new ClassRegistryState(revision + 1, initialisedNow, namesNow, forgettingNow);
    }
}
