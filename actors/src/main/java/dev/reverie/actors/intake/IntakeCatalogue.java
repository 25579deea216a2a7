package dev.reverie.actors.intake;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.Catalogue;
import dev.reverie.actors.serialization.Fields;
import dev.reverie.actors.serialization.Format;
import dev.reverie.actors.store.StoreFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How the registry is stored, and what is said to and by the intake. */
public final class IntakeCatalogue implements Catalogue {

    @Override
    public List<Format<?>> formats(ActorRefs actors) {
        List<Format<?>> formats = new ArrayList<>(stored());
        formats.addAll(recording());
        formats.addAll(delivering(actors));
        formats.addAll(keeping(actors));
        formats.addAll(telling(actors));
        return formats;
    }

    private static List<Format<?>> stored() {
        return List.of(
                Format.of(
                        70,
                        "service-founded",
                        RegistryEvent.Founded.class,
                        IntakeCatalogue::writeFounded,
                        IntakeCatalogue::readFounded),
                Format.of(
                        71,
                        "labels-registered",
                        RegistryEvent.LabelsRegistered.class,
                        (output, event) -> writeTexts(output, event.labels()),
                        input -> new RegistryEvent.LabelsRegistered(readTexts(input))),
                Format.of(
                        72,
                        "forgetting-begun",
                        RegistryEvent.ForgettingBegun.class,
                        (output, event) -> output.writeVarInt(event.label(), true),
                        input -> new RegistryEvent.ForgettingBegun(input.readVarInt(true))),
                Format.of(
                        73,
                        "class-forgotten",
                        RegistryEvent.Forgotten.class,
                        (output, event) -> output.writeVarInt(event.label(), true),
                        input -> new RegistryEvent.Forgotten(input.readVarInt(true))),
                Format.of(
                        74, "registry", Registry.class, IntakeCatalogue::writeRegistry, IntakeCatalogue::readRegistry));
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

    private static List<Format<?>> delivering(ActorRefs actors) {
        return List.of(
                Format.of(
                        80,
                        "deliver",
                        Intake.Admit.class,
                        (output, admit) -> {
                            Fields.writeText(output, admit.delivery().door().name());
                            Fields.writeList(output, admit.delivery().samples(), sample -> writeSample(output, sample));
                            actors.write(output, admit.replyTo());
                        },
                        input -> new Intake.Admit(
                                new Delivery(
                                        Door.valueOf(Fields.readText(input)),
                                        Fields.<Sample>readList(input, () -> readSample(input))),
                                actors.read(input))),
                Format.of(
                        81,
                        "accepted",
                        Admission.Accepted.class,
                        (output, accepted) -> {
                            output.writeVarInt(accepted.accepted(), true);
                            output.writeVarInt(accepted.duplicates(), true);
                        },
                        input -> new Admission.Accepted(input.readVarInt(true), input.readVarInt(true))),
                Format.of(
                        82,
                        "refused",
                        Admission.Refused.class,
                        (output, refused) -> {
                            Fields.writeText(output, refused.reason().name());
                            Fields.writeText(output, refused.detail());
                        },
                        input -> new Admission.Refused(
                                Admission.Reason.valueOf(Fields.readText(input)), Fields.readText(input))),
                Format.of(
                        83,
                        "deferred",
                        Admission.Deferred.class,
                        (output, deferred) -> {
                            Fields.writeText(output, deferred.cause().name());
                            Fields.writeText(output, deferred.detail());
                            output.writeVarLong(deferred.retryAfter().toMillis(), true);
                        },
                        input -> new Admission.Deferred(
                                Admission.Cause.valueOf(Fields.readText(input)),
                                Fields.readText(input),
                                Duration.ofMillis(input.readVarLong(true)))));
    }

    private static List<Format<?>> keeping(ActorRefs actors) {
        return List.of(
                Format.of(
                        90,
                        "seal-class",
                        Intake.Seal.class,
                        (output, seal) -> {
                            Fields.writeText(output, seal.name());
                            actors.write(output, seal.replyTo());
                        },
                        input -> new Intake.Seal(Fields.readText(input), actors.read(input))),
                Format.of(
                        91,
                        "class-sealed",
                        Intake.Sealed.class,
                        (output, reply) ->
                                Fields.writeOptional(output, reply.owner(), each -> writeHandle(actors, output, each)),
                        input -> new Intake.Sealed(Fields.readOptional(input, () -> readHandle(actors, input)))),
                Format.of(
                        92,
                        "forget-class",
                        Intake.Forget.class,
                        (output, forget) -> {
                            Fields.writeText(output, forget.name());
                            actors.write(output, forget.replyTo());
                        },
                        input -> new Intake.Forget(Fields.readText(input), actors.read(input))),
                Format.of(
                        93,
                        "forgotten",
                        Intake.Forgotten.class,
                        (output, forgotten) -> output.writeBoolean(forgotten.existed()),
                        input -> new Intake.Forgotten(input.readBoolean())),
                Format.of(
                        94,
                        "drain",
                        Intake.Drain.class,
                        (output, drain) -> actors.write(output, drain.replyTo()),
                        input -> new Intake.Drain(actors.read(input))));
    }

    private static List<Format<?>> telling(ActorRefs actors) {
        return List.of(
                Format.of(
                        100,
                        "look",
                        Intake.Look.class,
                        (output, look) -> actors.write(output, look.replyTo()),
                        input -> new Intake.Look(actors.read(input))),
                Format.of(
                        101,
                        "view",
                        Intake.View.class,
                        (output, view) -> {
                            output.writeBoolean(view.reading());
                            Fields.writeList(output, view.classes(), each -> writeHandle(actors, output, each));
                            writeStoreRead(output, view.store());
                            output.writeVarLong(view.bytesInFlight(), true);
                        },
                        input -> new Intake.View(
                                input.readBoolean(),
                                Fields.<ClassHandle>readList(input, () -> readHandle(actors, input)),
                                readStoreRead(input),
                                input.readVarLong(true))),
                Format.of(
                        102,
                        "follow",
                        Intake.Follow.class,
                        (output, follow) -> actors.write(output, follow.follower()),
                        input -> new Intake.Follow(actors.read(input))),
                Format.of(
                        103,
                        "class-appeared",
                        ClassNews.Appeared.class,
                        (output, news) -> writeHandle(actors, output, news.owner()),
                        input -> new ClassNews.Appeared(readHandle(actors, input))),
                Format.of(
                        104,
                        "class-changed",
                        ClassNews.Changed.class,
                        (output, news) -> {
                            output.writeVarInt(news.label(), true);
                            Fields.writeText(output, news.phase().name());
                        },
                        input -> new ClassNews.Changed(
                                input.readVarInt(true), ClassPhase.valueOf(Fields.readText(input)))),
                Format.of(
                        105,
                        "class-gone",
                        ClassNews.Gone.class,
                        (output, news) -> output.writeVarInt(news.label(), true),
                        input -> new ClassNews.Gone(input.readVarInt(true))),
                Format.of(
                        106,
                        "store-read",
                        ClassNews.StoreRead.class,
                        IntakeCatalogue::writeStoreRead,
                        IntakeCatalogue::readStoreRead));
    }

    private static void writeFounded(Output output, RegistryEvent.Founded founded) {
        output.writeLong(founded.seed());
        Fields.writeShape(output, founded.shape());
    }

    private static RegistryEvent.Founded readFounded(Input input) {
        return new RegistryEvent.Founded(input.readLong(), Fields.readShape(input));
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
            case RegistryEvent.LabelsRegistered(var labels) -> {
                output.writeByte(1);
                writeTexts(output, labels);
            }
            case RegistryEvent.ForgettingBegun(var label) -> {
                output.writeByte(2);
                output.writeVarInt(label, true);
            }
            case RegistryEvent.Forgotten(var label) -> {
                output.writeByte(3);
                output.writeVarInt(label, true);
            }
        }
    }

    private static RegistryEvent readEvent(Input input) {
        byte kind = input.readByte();
        return switch (kind) {
            case 0 -> readFounded(input);
            case 1 -> new RegistryEvent.LabelsRegistered(readTexts(input));
            case 2 -> new RegistryEvent.ForgettingBegun(input.readVarInt(true));
            case 3 -> new RegistryEvent.Forgotten(input.readVarInt(true));
            default -> throw new IllegalArgumentException("there is no registry event of kind " + kind);
        };
    }

    private static void writeSample(Output output, Sample sample) {
        Fields.writeText(output, sample.label());
        Fields.writeOptional(output, sample.id(), id -> Fields.writeText(output, id));
        Fields.writeImage(output, sample.image());
    }

    private static Sample readSample(Input input) {
        return new Sample(
                Fields.readText(input),
                Fields.readOptional(input, () -> Fields.readText(input)),
                Fields.readImage(input));
    }

    private static void writeHandle(ActorRefs actors, Output output, ClassHandle handle) {
        output.writeVarInt(handle.label(), true);
        Fields.writeText(output, handle.name());
        Fields.writeText(output, handle.phase().name());
        output.writeVarLong(handle.seen(), true);
        actors.write(output, handle.owner());
    }

    private static ClassHandle readHandle(ActorRefs actors, Input input) {
        return new ClassHandle(
                input.readVarInt(true),
                Fields.readText(input),
                ClassPhase.valueOf(Fields.readText(input)),
                input.readVarLong(true),
                actors.read(input));
    }

    private static void writeStoreRead(Output output, ClassNews.StoreRead read) {
        output.writeVarInt(read.classes(), true);
        output.writeVarLong(read.samples(), true);
        output.writeVarLong(read.images(), true);
        writeTexts(output, read.unreadable());
    }

    private static ClassNews.StoreRead readStoreRead(Input input) {
        return new ClassNews.StoreRead(
                input.readVarInt(true), input.readVarLong(true), input.readVarLong(true), readTexts(input));
    }

    private static void writeTexts(Output output, List<String> texts) {
        Fields.writeList(output, texts, text -> Fields.writeText(output, text));
    }

    private static List<String> readTexts(Input input) {
        return Fields.readList(input, () -> Fields.readText(input));
    }
}
