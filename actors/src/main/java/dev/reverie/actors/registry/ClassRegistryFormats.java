package dev.reverie.actors.registry;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.VersionedFormat;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Serialises the class registry, its events, and the reports of its actor. */
public final class ClassRegistryFormats implements FormatProvider {

    private static final int REGISTRY_VERSION = 4;

    @Override
    public List<VersionedFormat<?>> formats(ActorRefs actors) {
        List<VersionedFormat<?>> formats = new ArrayList<>(stored());
        formats.addAll(reports());
        return formats;
    }

    /** The formats of the rows of the registry in the store. */
    static List<VersionedFormat<?>> stored() {
        return List.of(
                VersionedFormat.of(
                        "service-founded",
                        ClassRegistryEvent.Initialised.class,
                        ClassRegistryFormats::writeInitialised,
                        ClassRegistryFormats::readInitialised),
                VersionedFormat.of(
                        "labels-registered",
                        ClassRegistryEvent.ClassesRegistered.class,
                        ClassRegistryFormats::writeRegistered,
                        ClassRegistryFormats::readRegistered),
                VersionedFormat.of(
                        "classes-populated",
                        ClassRegistryEvent.ClassesPopulated.class,
                        (output, event) -> writeIndices(output, event.labels()),
                        input -> new ClassRegistryEvent.ClassesPopulated(readIndices(input))),
                VersionedFormat.of(
                        "normalisation-fixed",
                        ClassRegistryEvent.NormalisationFixed.class,
                        (output, event) -> FieldFormats.writeNormalisation(output, event.normalisation()),
                        input -> new ClassRegistryEvent.NormalisationFixed(FieldFormats.readNormalisation(input))),
                VersionedFormat.of(
                        "forgetting-begun",
                        ClassRegistryEvent.ForgettingStarted.class,
                        ClassRegistryFormats::writeStarted,
                        ClassRegistryFormats::readStarted),
                VersionedFormat.of(
                        "class-forgotten",
                        ClassRegistryEvent.Forgotten.class,
                        ClassRegistryFormats::writeForgotten,
                        ClassRegistryFormats::readForgotten),
                new VersionedFormat<>(
                        "registry",
                        REGISTRY_VERSION,
                        ClassRegistryState.class,
                        ClassRegistryFormats::writeRegistry,
                        ClassRegistryFormats::readRegistry));
    }

    private static List<VersionedFormat<?>> reports() {
        return List.of(
                new VersionedFormat<>(
                        "current-registry",
                        REGISTRY_VERSION,
                        ClassRegistryActor.Updated.class,
                        (output, updated) -> writeRegistry(output, updated.registry()),
                        (input, version) -> new ClassRegistryActor.Updated(readRegistry(input, version))),
                VersionedFormat.of(
                        "registry-failed",
                        ClassRegistryActor.Failed.class,
                        (output, failed) -> {
                            FieldFormats.writeText(output, failed.failure().name());
                            FieldFormats.writeText(output, failed.detail());
                        },
                        input -> new ClassRegistryActor.Failed(
                                StoreFailure.valueOf(FieldFormats.readText(input)), FieldFormats.readText(input))));
    }

    /** Writes a change of the registry as part of a message. */
    public static void writeAppend(Output output, ClassRegistryActor.Append append) {
        output.writeVarLong(append.revision(), true);
        FieldFormats.writeList(output, append.events(), event -> writeEvent(output, event));
    }

    /** Reads a change that {@link #writeAppend} wrote. */
    public static ClassRegistryActor.Append readAppend(Input input) {
        return new ClassRegistryActor.Append(
                input.readVarLong(true), FieldFormats.<ClassRegistryEvent>readList(input, () -> readEvent(input)));
    }

    private static void writeInitialised(Output output, ClassRegistryEvent.Initialised initialised) {
        output.writeLong(initialised.seed());
        FieldFormats.writeShape(output, initialised.shape());
    }

    private static ClassRegistryEvent.Initialised readInitialised(Input input) {
        return new ClassRegistryEvent.Initialised(input.readLong(), FieldFormats.readShape(input));
    }

    private static void writeRegistered(Output output, ClassRegistryEvent.ClassesRegistered registered) {
        FieldFormats.writeTexts(output, registered.names());
    }

    private static ClassRegistryEvent.ClassesRegistered readRegistered(Input input) {
        return new ClassRegistryEvent.ClassesRegistered(FieldFormats.readTexts(input));
    }

    private static void writeStarted(Output output, ClassRegistryEvent.ForgettingStarted started) {
        output.writeVarInt(started.classIndex(), true);
    }

    private static ClassRegistryEvent.ForgettingStarted readStarted(Input input) {
        return new ClassRegistryEvent.ForgettingStarted(input.readVarInt(true));
    }

    private static void writeForgotten(Output output, ClassRegistryEvent.Forgotten forgotten) {
        output.writeVarInt(forgotten.classIndex(), true);
    }

    private static ClassRegistryEvent.Forgotten readForgotten(Input input) {
        return new ClassRegistryEvent.Forgotten(input.readVarInt(true));
    }

    private static void writeRegistry(Output output, ClassRegistryState registry) {
        output.writeVarLong(registry.revision(), true);
        FieldFormats.writeOptional(
                output, registry.initialised(), initialised -> writeInitialised(output, initialised));
        output.writeVarInt(registry.nextIndex(), true);
        FieldFormats.writeList(output, List.copyOf(registry.names().entrySet()), each -> {
            output.writeVarInt(each.getKey(), true);
            FieldFormats.writeText(output, each.getValue());
        });
        writeIndices(output, registry.populated());
        writeIndices(output, registry.forgetting());
        FieldFormats.writeOptional(
                output,
                registry.normalisation(),
                normalisation -> FieldFormats.writeNormalisation(output, normalisation));
    }

    private static void writeIndices(Output output, Set<Integer> indices) {
        FieldFormats.writeList(output, List.copyOf(indices), index -> output.writeVarInt(index, true));
    }

    private static Set<Integer> readIndices(Input input) {
        return Set.copyOf(FieldFormats.readList(input, () -> input.readVarInt(true)));
    }

    private static ClassRegistryState readRegistry(Input input, int version) {
        long revision = input.readVarLong(true);
        Optional<ClassRegistryEvent.Initialised> initialised =
                FieldFormats.readOptional(input, () -> readInitialised(input));
        SortedMap<Integer, String> names = new TreeMap<>();
        int nextIndex = version == 1 ? readAllNames(input, names) : readNames(input, names);
        Set<Integer> populated = version < 3 ? Set.of() : readIndices(input);
        Set<Integer> forgetting = readIndices(input);
        Optional<Normalisation> normalisation = version < 4
                ? Optional.empty()
                : FieldFormats.readOptional(input, () -> FieldFormats.readNormalisation(input));
        return new ClassRegistryState(revision, initialised, nextIndex, names, populated, forgetting, normalisation);
    }

    /** Reads the names of the current classes into the map, and returns the next index. */
    private static int readNames(Input input, SortedMap<Integer, String> names) {
        int nextIndex = input.readVarInt(true);
        int count = FieldFormats.readCount(input, 2);
        for (int i = 0; i < count; i++) {
            names.put(input.readVarInt(true), FieldFormats.readText(input));
        }
        return nextIndex;
    }

    /** Reads names like {@link #readNames} from the layout of version 1, which has an entry for every index. */
    private static int readAllNames(Input input, SortedMap<Integer, String> names) {
        List<Optional<String>> byIndex = FieldFormats.readList(
                input, () -> FieldFormats.readOptional(input, () -> FieldFormats.readText(input)));
        for (int index = 0; index < byIndex.size(); index++) {
            int current = index;
            byIndex.get(index).ifPresent(name -> names.put(current, name));
        }
        return byIndex.size();
    }

    private static void writeEvent(Output output, ClassRegistryEvent event) {
        switch (event) {
            case ClassRegistryEvent.Initialised initialised -> {
                output.writeByte(0);
                writeInitialised(output, initialised);
            }
            case ClassRegistryEvent.ClassesRegistered registered -> {
                output.writeByte(1);
                writeRegistered(output, registered);
            }
            case ClassRegistryEvent.ForgettingStarted started -> {
                output.writeByte(2);
                writeStarted(output, started);
            }
            case ClassRegistryEvent.Forgotten forgotten -> {
                output.writeByte(3);
                writeForgotten(output, forgotten);
            }
            case ClassRegistryEvent.ClassesPopulated(var labels) -> {
                output.writeByte(4);
                writeIndices(output, labels);
            }
            case ClassRegistryEvent.NormalisationFixed(var normalisation) -> {
                output.writeByte(5);
                FieldFormats.writeNormalisation(output, normalisation);
            }
        }
    }

    private static ClassRegistryEvent readEvent(Input input) {
        byte kind = input.readByte();
        return switch (kind) {
            case 0 -> readInitialised(input);
            case 1 -> readRegistered(input);
            case 5 -> new ClassRegistryEvent.NormalisationFixed(FieldFormats.readNormalisation(input));
            case 2 -> readStarted(input);
            case 3 -> readForgotten(input);
            case 4 -> new ClassRegistryEvent.ClassesPopulated(readIndices(input));
            default -> throw new IllegalArgumentException("unknown kind of registry event: " + kind);
        };
    }
}
