package dev.reverie.actors.registry;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.VersionedFormat;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.List;

/** Serialises the notifications about classes, and the parts of them that replies of the intake also contain. */
public final class ClassNotificationFormats implements FormatProvider {

    /**
     * Version of the messages that contain a class handle; version 2 says whether the class is damaged, and version 3
     * whether it is to be sealed as soon as it converges.
     */
    public static final int HANDLE_VERSION = 3;

    @Override
    public List<VersionedFormat<?>> formats(ActorRefs actors) {
        return List.of(
                new VersionedFormat<>(
                        103,
                        "class-appeared",
                        HANDLE_VERSION,
                        ClassNotification.ClassAdded.class,
                        (output, added) -> writeHandle(actors, output, added.handle()),
                        (input, version) -> new ClassNotification.ClassAdded(readHandle(actors, input, version))),
                VersionedFormat.of(
                        104,
                        "class-changed",
                        ClassNotification.PhaseChanged.class,
                        (output, changed) -> {
                            output.writeVarInt(changed.label(), true);
                            FieldFormats.writeText(output, changed.phase().name());
                        },
                        input -> new ClassNotification.PhaseChanged(
                                input.readVarInt(true), ClassPhase.valueOf(FieldFormats.readText(input)))),
                VersionedFormat.of(
                        105,
                        "class-gone",
                        ClassNotification.ClassForgotten.class,
                        (output, forgotten) -> output.writeVarInt(forgotten.label(), true),
                        input -> new ClassNotification.ClassForgotten(input.readVarInt(true))),
                VersionedFormat.of(
                        106,
                        "store-read",
                        ClassNotification.StoreLoaded.class,
                        ClassNotificationFormats::writeStoreLoaded,
                        ClassNotificationFormats::readStoreLoaded));
    }

    /** Writes a class handle as part of a message. */
    public static void writeHandle(ActorRefs actors, Output output, ClassHandle handle) {
        output.writeVarInt(handle.index(), true);
        FieldFormats.writeText(output, handle.name());
        FieldFormats.writeText(output, handle.phase().name());
        output.writeVarLong(handle.seen(), true);
        output.writeBoolean(handle.damaged());
        output.writeBoolean(handle.sealRequested());
        actors.write(output, handle.actor());
    }

    /**
     * Reads a class handle that {@link #writeHandle} wrote. It is failing only if it is damaged.
     *
     * @param version version of the message, at most {@link #HANDLE_VERSION}
     */
    public static ClassHandle readHandle(ActorRefs actors, Input input, int version) {
        int index = input.readVarInt(true);
        String name = FieldFormats.readText(input);
        ClassPhase phase = ClassPhase.valueOf(FieldFormats.readText(input));
        long seen = input.readVarLong(true);
        boolean damaged = version > 1 && input.readBoolean();
        boolean sealRequested = version > 2 && input.readBoolean();
        return new ClassHandle(index, name, phase, seen, sealRequested, damaged, damaged, actors.read(input));
    }

    /** Writes the summary of a store as part of a message. */
    public static void writeStoreLoaded(Output output, ClassNotification.StoreLoaded loaded) {
        output.writeVarInt(loaded.classes(), true);
        output.writeVarLong(loaded.samples(), true);
        output.writeVarLong(loaded.images(), true);
        FieldFormats.writeTexts(output, loaded.failing());
    }

    /** Reads the summary of a store that {@link #writeStoreLoaded} wrote. */
    public static ClassNotification.StoreLoaded readStoreLoaded(Input input) {
        return new ClassNotification.StoreLoaded(
                input.readVarInt(true),
                input.readVarLong(true),
                input.readVarLong(true),
                FieldFormats.readTexts(input));
    }
}
