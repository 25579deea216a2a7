package dev.reverie.actors.intake;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.Catalogue;
import dev.reverie.actors.serialization.Fields;
import dev.reverie.actors.serialization.Format;
import dev.reverie.actors.store.StoreFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How the registry is stored, and what it and the intake tell each other. */
public final class RegistryCatalogue implements Catalogue {

    @Override
    public List<Format<?>> formats(ActorRefs actors) {
        List<Format<?>> formats = new ArrayList<>(stored());
        formats.addAll(recording());
        return formats;
    }

    private static List<Format<?>> stored() {
        return List.of(
                Format.of(
                        70,
                        "service-founded",
                        RegistryEvent.Founded.class,
                        RegistryCatalogue::writeFounded,
                        RegistryCatalogue::readFounded),
                Format.of(
                        71,
                        "labels-registered",
                        RegistryEvent.LabelsRegistered.class,
                        RegistryCatalogue::writeRegistered,
                        RegistryCatalogue::readRegistered),
                Format.of(
                        72,
                        "forgetting-begun",
                        RegistryEvent.ForgettingBegun.class,
                        RegistryCatalogue::writeBegun,
                        RegistryCatalogue::readBegun),
                Format.of(
                        73,
                        "class-forgotten",
                        RegistryEvent.Forgotten.class,
                        RegistryCatalogue::writeForgotten,
                        RegistryCatalogue::readForgotten),
                Format.of(
                        74,
                        "registry",
                        Registry.class,
                        RegistryCatalogue::writeRegistry,
                        RegistryCatalogue::readRegistry));
    }

    private static List<Format<?>> recording() {
        return List.of(
                Format.of(
                        75,
                        "write-registry",
                        RegistryActor.Write.class,
                        (output, write) -> {
                            output.writeVarLong(write.revision(), true);
                            Fields.writeList(output, write.events(), event -> writeEvent(output, event));
                        },
                        input -> new RegistryActor.Write(
                                input.readVarLong(true),
                                Fields.<RegistryEvent>readList(input, () -> readEvent(input)))),
                Format.of(
                        76,
                        "current-registry",
                        RegistryActor.Current.class,
                        (output, current) -> writeRegistry(output, current.registry()),
                        input -> new RegistryActor.Current(readRegistry(input))),
                Format.of(
                        77,
                        "registry-failed",
                        RegistryActor.Failed.class,
                        (output, failed) -> {
                            Fields.writeText(output, failed.failure().name());
                            Fields.writeText(output, failed.detail());
                        },
                        input -> new RegistryActor.Failed(
                                StoreFailure.valueOf(Fields.readText(input)), Fields.readText(input))));
    }

    private static void writeFounded(Output output, RegistryEvent.Founded founded) {
        output.writeLong(founded.seed());
        Fields.writeShape(output, founded.shape());
    }

    private static RegistryEvent.Founded readFounded(Input input) {
        return new RegistryEvent.Founded(input.readLong(), Fields.readShape(input));
    }

    private static void writeRegistered(Output output, RegistryEvent.LabelsRegistered registered) {
        Fields.writeTexts(output, registered.labels());
    }

    private static RegistryEvent.LabelsRegistered readRegistered(Input input) {
        return new RegistryEvent.LabelsRegistered(Fields.readTexts(input));
    }

    private static void writeBegun(Output output, RegistryEvent.ForgettingBegun begun) {
        output.writeVarInt(begun.label(), true);
    }

    private static RegistryEvent.ForgettingBegun readBegun(Input input) {
        return new RegistryEvent.ForgettingBegun(input.readVarInt(true));
    }

    private static void writeForgotten(Output output, RegistryEvent.Forgotten forgotten) {
        output.writeVarInt(forgotten.label(), true);
    }

    private static RegistryEvent.Forgotten readForgotten(Input input) {
        return new RegistryEvent.Forgotten(input.readVarInt(true));
    }

    private static void writeRegistry(Output output, Registry registry) {
        output.writeVarLong(registry.revision(), true);
        Fields.writeOptional(output, registry.founding(), founded -> writeFounded(output, founded));
        Fields.writeList(
                output,
                registry.labels(),
                label -> Fields.writeOptional(output, label, name -> Fields.writeText(output, name)));
        Fields.writeList(output, List.copyOf(registry.forgetting()), label -> output.writeVarInt(label, true));
    }

    private static Registry readRegistry(Input input) {
        return new Registry(
                input.readVarLong(true),
                Fields.readOptional(input, () -> readFounded(input)),
                Fields.readList(input, () -> Fields.readOptional(input, () -> Fields.readText(input))),
                Set.copyOf(Fields.readList(input, () -> input.readVarInt(true))));
    }

    private static void writeEvent(Output output, RegistryEvent event) {
        switch (event) {
            case RegistryEvent.Founded founded -> {
                output.writeByte(0);
                writeFounded(output, founded);
            }
            case RegistryEvent.LabelsRegistered registered -> {
                output.writeByte(1);
                writeRegistered(output, registered);
            }
            case RegistryEvent.ForgettingBegun begun -> {
                output.writeByte(2);
                writeBegun(output, begun);
            }
            case RegistryEvent.Forgotten forgotten -> {
                output.writeByte(3);
                writeForgotten(output, forgotten);
            }
        }
    }

    private static RegistryEvent readEvent(Input input) {
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
