package dev.reverie.actors.registry;

import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.Layouts;
import dev.reverie.actors.serialization.VersionedFormat;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Serialises the class registry, its events, and the reports of its actor. */
public final class ClassRegistryFormats implements FormatProvider {

    @Override
    public List<VersionedFormat<?>> formats(Layouts layouts) {
        Layouts withEvents = events(layouts);
        List<VersionedFormat<?>> formats = new ArrayList<>(stored(withEvents));
        formats.add(withEvents.format("current-registry", ClassRegistryActor.Updated.class, earlier(withEvents)));
        formats.add(layouts.format("registry-failed", ClassRegistryActor.Failed.class));
        return formats;
    }

    static List<VersionedFormat<?>> stored() {
        return stored(events(Layouts.BASIC));
    }

    private static List<VersionedFormat<?>> stored(Layouts layouts) {
        return List.of(
                layouts.format("service-founded", ClassRegistryEvent.Initialised.class),
                layouts.format("labels-registered", ClassRegistryEvent.ClassesRegistered.class),
                layouts.format("classes-populated", ClassRegistryEvent.ClassesPopulated.class),
                layouts.format("normalisation-fixed", ClassRegistryEvent.NormalisationFixed.class),
                layouts.format("class-renamed", ClassRegistryEvent.ClassRenamed.class),
                layouts.format("forgetting-begun", ClassRegistryEvent.ForgettingStarted.class),
                layouts.format("class-forgotten", ClassRegistryEvent.Forgotten.class),
                layouts.format("registry", ClassRegistryState.class, earlier(layouts)));
    }

    private static Layouts[] earlier(Layouts layouts) {
        return new Layouts[] {
            layouts.withEarlier(ClassRegistryState.class, FirstLayout.class, FirstLayout::registry),
            layouts.withEarlier(ClassRegistryState.class, SecondLayout.class, SecondLayout::registry),
            layouts.withEarlier(ClassRegistryState.class, ThirdLayout.class, ThirdLayout::registry),
            layouts.withEarlier(ClassRegistryState.class, FourthLayout.class, FourthLayout::registry)
        };
    }

    /** Returns layouts with those of the events of a registry, for a message that contains some. */
    public static Layouts events(Layouts layouts) {
        return layouts.with(
                        ClassRegistryEvent.Initialised.class,
                        (output, initialised) -> {
                            output.writeLong(initialised.seed());
                            FieldFormats.writeShape(output, initialised.shape());
                        },
                        input -> new ClassRegistryEvent.Initialised(input.readLong(), FieldFormats.readShape(input)))
                .withVariants(
                        ClassRegistryEvent.class,
                        List.of(
                                ClassRegistryEvent.Initialised.class,
                                ClassRegistryEvent.ClassesRegistered.class,
                                ClassRegistryEvent.ForgettingStarted.class,
                                ClassRegistryEvent.Forgotten.class,
                                ClassRegistryEvent.ClassesPopulated.class,
                                ClassRegistryEvent.NormalisationFixed.class,
                                ClassRegistryEvent.ClassRenamed.class));
    }

    /** The registry in version 1, which has an entry for every index that a class ever had. */
    private record FirstLayout(
            long revision,
            Optional<ClassRegistryEvent.Initialised> initialised,
            List<Optional<String>> names,
            Set<Integer> forgetting) {

        ClassRegistryState registry() {
            SortedMap<Integer, String> current = new TreeMap<>();
            for (int index = 0; index < names.size(); index++) {
                int each = index;
                names.get(index).ifPresent(name -> current.put(each, name));
            }
            return new FourthLayout(
                            revision, initialised, names.size(), current, Set.of(), forgetting, Optional.empty())
                    .registry();
        }
    }

    /** The registry in version 2, which does not say which classes have samples. */
    private record SecondLayout(
            long revision,
            Optional<ClassRegistryEvent.Initialised> initialised,
            int nextIndex,
            SortedMap<Integer, String> names,
            Set<Integer> forgetting) {

        ClassRegistryState registry() {
            return new FourthLayout(revision, initialised, nextIndex, names, Set.of(), forgetting, Optional.empty())
                    .registry();
        }
    }

    /** The registry in version 3, which has no normalisation. */
    private record ThirdLayout(
            long revision,
            Optional<ClassRegistryEvent.Initialised> initialised,
            int nextIndex,
            SortedMap<Integer, String> names,
            Set<Integer> populated,
            Set<Integer> forgetting) {

        ClassRegistryState registry() {
            return new FourthLayout(revision, initialised, nextIndex, names, populated, forgetting, Optional.empty())
                    .registry();
        }
    }

    /** The registry in version 4, in which people read the labels of all classes. */
    private record FourthLayout(
            long revision,
            Optional<ClassRegistryEvent.Initialised> initialised,
            int nextIndex,
            SortedMap<Integer, String> names,
            Set<Integer> populated,
            Set<Integer> forgetting,
            Optional<Normalisation> normalisation) {

        ClassRegistryState registry() {
            return new ClassRegistryState(
                    revision,
                    initialised,
                    nextIndex,
                    names,
                    populated,
                    forgetting,
                    normalisation,
                    Collections.emptySortedMap());
        }
    }
}
