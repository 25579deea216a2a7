package dev.reverie.actors.intake;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.VersionedFormat;
import dev.reverie.actors.store.StoreFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How the registry is stored, and what it and the intake tell each other. */
public final class ClassRegistryFormats implements FormatProvider {

    @Override
    public List<VersionedFormat<?>> formats(ActorRefs actors) {
        List<VersionedFormat<?>> formats = new ArrayList<>(stored());
        formats.addAll(recording());
        return formats;
    }

    private static List<VersionedFormat<?>> stored() {
        return List.of(
                VersionedFormat.of(
                        70,
                        "service-founded",
                        ClassRegistryEvent.Founded.class,
                        ClassRegistryFormats::writeFounded,
                        ClassRegistryFormats::readFounded),
                VersionedFormat.of(
                        71,
                        "labels-registered",
                        ClassRegistryEvent.LabelsRegistered.class,
                        ClassRegistryFormats::writeRegistered,
                        ClassRegistryFormats::readRegistered),
                VersionedFormat.of(
                        72,
                        "forgetting-begun",
                        ClassRegistryEvent.ForgettingBegun.class,
                        ClassRegistryFormats::writeBegun,
                        ClassRegistryFormats::readBegun),
                VersionedFormat.of(
                        73,
                        "class-forgotten",
                        ClassRegistryEvent.Forgotten.class,
                        ClassRegistryFormats::writeForgotten,
                        ClassRegistryFormats::readForgotten),
                VersionedFormat.of(
                        74,
                        "registry",
                        ClassRegistry.class,
                        ClassRegistryFormats::writeRegistry,
                        ClassRegistryFormats::readRegistry));
    }

    private static List<VersionedFormat<?>> recording() {
        return List.of(
                VersionedFormat.of(
                        75,
                        "write-registry",
                        ClassRegistryActor.Write.class,
                        (output, write) -> {
                            output.writeVarLong(write.revision(), true);
                            FieldFormats.writeList(output, write.events(), event -> writeEvent(output, event));
                        },
                        input -> new ClassRegistryActor.Write(
                                input.readVarLong(true),
                                FieldFormats.<ClassRegistryEvent>readList(input, () -> readEvent(input)))),
                VersionedFormat.of(
                        76,
                        "current-registry",
                        ClassRegistryActor.Current.class,
                        (output, current) -> writeRegistry(output, current.registry()),
                        input -> new ClassRegistryActor.Current(readRegistry(input))),
                VersionedFormat.of(
                        77,
                        "registry-failed",
                        ClassRegistryActor.Failed.class,
                        (output, failed) -> {
                            FieldFormats.writeText(output, failed.failure().name());
                            FieldFormats.writeText(output, failed.detail());
                        },
                        input -> new ClassRegistryActor.Failed(
                                StoreFailure.valueOf(FieldFormats.readText(input)), FieldFormats.readText(input))));
    }

    private static void writeFounded(Output output, ClassRegistryEvent.Founded founded) {
        output.writeLong(founded.seed());
        FieldFormats.writeShape(output, founded.shape());
    }

    private static ClassRegistryEvent.Founded readFounded(Input input) {
        return new ClassRegistryEvent.Founded(input.readLong(), FieldFormats.readShape(input));
    }

    private static void writeRegistered(Output output, ClassRegistryEvent.LabelsRegistered registered) {
        FieldFormats.writeTexts(output, registered.labels());
    }

    private static ClassRegistryEvent.LabelsRegistered readRegistered(Input input) {
        return new ClassRegistryEvent.LabelsRegistered(FieldFormats.readTexts(input));
    }

    private static void writeBegun(Output output, ClassRegistryEvent.ForgettingBegun begun) {
        output.writeVarInt(begun.label(), true);
    }

    private static ClassRegistryEvent.ForgettingBegun readBegun(Input input) {
        return new ClassRegistryEvent.ForgettingBegun(input.readVarInt(true));
    }

    private static void writeForgotten(Output output, ClassRegistryEvent.Forgotten forgotten) {
        output.writeVarInt(forgotten.label(), true);
    }

    private static ClassRegistryEvent.Forgotten readForgotten(Input input) {
        return new ClassRegistryEvent.Forgotten(input.readVarInt(true));
    }

    private static void writeRegistry(Output output, ClassRegistry registry) {
        output.writeVarLong(registry.revision(), true);
        FieldFormats.writeOptional(output, registry.founding(), founded -> writeFounded(output, founded));
        FieldFormats.writeList(
                output,
                registry.labels(),
                label -> FieldFormats.writeOptional(output, label, name -> FieldFormats.writeText(output, name)));
        FieldFormats.writeList(output, List.copyOf(registry.forgetting()), label -> output.writeVarInt(label, true));
    }

    private static ClassRegistry readRegistry(Input input) {
        return new ClassRegistry(
                input.readVarLong(true),
                FieldFormats.readOptional(input, () -> readFounded(input)),
                FieldFormats.readList(
                        input, () -> FieldFormats.readOptional(input, () -> FieldFormats.readText(input))),
                Set.copyOf(FieldFormats.readList(input, () -> input.readVarInt(true))));
    }

    private static void writeEvent(Output output, ClassRegistryEvent event) {
        switch (event) {
            case ClassRegistryEvent.Founded founded -> {
                output.writeByte(0);
                writeFounded(output, founded);
            }
            case ClassRegistryEvent.LabelsRegistered registered -> {
                output.writeByte(1);
                writeRegistered(output, registered);
            }
            case ClassRegistryEvent.ForgettingBegun begun -> {
                output.writeByte(2);
                writeBegun(output, begun);
            }
            case ClassRegistryEvent.Forgotten forgotten -> {
                output.writeByte(3);
                writeForgotten(output, forgotten);
            }
        }
    }

    private static ClassRegistryEvent readEvent(Input input) {
        byte kind = input.readByte();
        return switch (kind) {
            case 0 -> readFounded(input);
            case 1 -> readRegistered(input);
            case 2 -> readBegun(input);
            case 3 -> readForgotten(input);
            default -> throw new IllegalArgumentException("there is no registry event of kind " + kind);
        };
    }
}
