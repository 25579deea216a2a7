package dev.reverie.actors.registry;

import dev.reverie.actors.serialization.Transferable;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The durable list of classes of a service. Immutable.
 *
 * @param revision number of events so far
 * @param initialised the most recent seed and image shape; empty before the first image
 * @param nextIndex index of the next new class, equal to the number of classes registered so far; the index of a
 *     forgotten class is never reused
 * @param names names of the current classes by index
 * @param populated indices of the current classes that are known to have rows in the store
 * @param forgetting indices of forgotten classes that may still have rows in the store
 * @param normalisation normalisation of the real data; empty before it is computed
 * @param displayNames names that people read in place of labels, by index, of the current classes that have one
 */
public record ClassRegistryState(
        long revision,
        Optional<ClassRegistryEvent.Initialised> initialised,
        int nextIndex,
        SortedMap<Integer, String> names,
        Set<Integer> populated,
        Set<Integer> forgetting,
        Optional<Normalisation> normalisation,
        SortedMap<Integer, String> displayNames)
        implements Transferable {

    /** The registry of a service that has never stored an image. */
    public static final ClassRegistryState EMPTY = new ClassRegistryState(
            0,
            Optional.empty(),
            0,
            Collections.emptySortedMap(),
            Set.of(),
            Set.of(),
            Optional.empty(),
            Collections.emptySortedMap());

    public ClassRegistryState {
        names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
        populated = Set.copyOf(populated);
        forgetting = Set.copyOf(forgetting);
        displayNames = Collections.unmodifiableSortedMap(new TreeMap<>(displayNames));
        if (!names.isEmpty() && names.lastKey() >= nextIndex) {
            throw new IllegalArgumentException(
                    "the class index " + names.lastKey() + " is not below the next index " + nextIndex);
        }
    }

    /**
     * Shape of the images of all classes; empty while the service has no class, since the next class may have another
     * shape.
     */
    public Optional<ImageShape> shape() {
        return names.isEmpty() ? Optional.empty() : initialised.map(ClassRegistryEvent.Initialised::shape);
    }

    /** Whether no class has had this index yet. */
    public boolean isUnassigned(int index) {
        return index >= nextIndex;
    }

    /** Whether this class is known to have rows in the store. */
    public boolean isPopulated(int index) {
        return populated.contains(index);
    }

    /** Whether this index belonged to a class that is forgotten and whose rows were deleted. */
    public boolean isForgotten(int index) {
        return index < nextIndex && !names.containsKey(index) && !forgetting.contains(index);
    }

    /** The name that people read in place of the label of a class; empty if they read the label. */
    public Optional<String> displayName(int index) {
        return Optional.ofNullable(displayNames.get(index));
    }

    ClassRegistryState after(ClassRegistryEvent event) {
        SortedMap<Integer, String> namesNow = new TreeMap<>(names);
        Set<Integer> populatedNow = new HashSet<>(populated);
        Set<Integer> forgettingNow = new HashSet<>(forgetting);
        SortedMap<Integer, String> displayNamesNow = new TreeMap<>(displayNames);
        Optional<ClassRegistryEvent.Initialised> initialisedNow = initialised;
        Optional<Normalisation> normalisationNow = normalisation;
        int nextIndexNow = nextIndex;
        switch (event) {
            case ClassRegistryEvent.Initialised latest -> {
                initialisedNow = Optional.of(latest);
                normalisationNow = Optional.empty();
            }
            case ClassRegistryEvent.NormalisationFixed(var fixed) -> normalisationNow = Optional.of(fixed);
            case ClassRegistryEvent.ClassesRegistered(var added) -> {
                for (String name : added) {
                    namesNow.put(nextIndexNow++, name);
                }
            }
            case ClassRegistryEvent.ClassesPopulated(var classIndices) -> populatedNow.addAll(classIndices);
            case ClassRegistryEvent.ClassRenamed(var classIndex, var displayName) ->
                displayName.ifPresentOrElse(
                        name -> displayNamesNow.put(classIndex, name), () -> displayNamesNow.remove(classIndex));
            case ClassRegistryEvent.ForgettingStarted(var classIndex) -> {
                namesNow.remove(classIndex);
                populatedNow.remove(classIndex);
                displayNamesNow.remove(classIndex);
                forgettingNow.add(classIndex);
            }
            case ClassRegistryEvent.Forgotten(var classIndex) -> forgettingNow.remove(classIndex);
        }
        return new ClassRegistryState(
                revision + 1,
                initialisedNow,
                nextIndexNow,
                namesNow,
                populatedNow,
                forgettingNow,
                normalisationNow,
                displayNamesNow);
    }
}
