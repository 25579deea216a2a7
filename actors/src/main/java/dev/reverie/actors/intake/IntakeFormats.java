package dev.reverie.actors.intake;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.VersionedFormat;
import dev.reverie.actors.store.StoreFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is said to and by the intake. */
public final class IntakeFormats implements FormatProvider {

    @Override
    public List<VersionedFormat<?>> formats(ActorRefs actors) {
        List<VersionedFormat<?>> formats = new ArrayList<>(delivering(actors));
        formats.addAll(keeping(actors));
        formats.addAll(telling(actors));
        return formats;
    }

    private static List<VersionedFormat<?>> delivering(ActorRefs actors) {
        return List.of(
                VersionedFormat.of(
                        80,
                        "deliver",
                        IntakeActor.Admit.class,
                        (output, admit) -> {
                            FieldFormats.writeText(
                                    output, admit.delivery().door().name());
                            FieldFormats.writeList(
                                    output, admit.delivery().samples(), sample -> writeSample(output, sample));
                            actors.write(output, admit.replyTo());
                        },
                        input -> new IntakeActor.Admit(
                                new Delivery(
                                        IngestSource.valueOf(FieldFormats.readText(input)),
                                        FieldFormats.<Sample>readList(input, () -> readSample(input))),
                                actors.read(input))),
                VersionedFormat.of(
                        81,
                        "accepted",
                        DeliveryOutcome.Accepted.class,
                        (output, accepted) -> {
                            output.writeVarInt(accepted.accepted(), true);
                            output.writeVarInt(accepted.duplicates(), true);
                        },
                        input -> new DeliveryOutcome.Accepted(input.readVarInt(true), input.readVarInt(true))),
                VersionedFormat.of(
                        82,
                        "refused",
                        DeliveryOutcome.Refused.class,
                        (output, refused) -> {
                            FieldFormats.writeText(output, refused.reason().name());
                            FieldFormats.writeText(output, refused.detail());
                        },
                        input -> new DeliveryOutcome.Refused(
                                DeliveryOutcome.Reason.valueOf(FieldFormats.readText(input)),
                                FieldFormats.readText(input))),
                VersionedFormat.of(
                        83,
                        "deferred",
                        DeliveryOutcome.Deferred.class,
                        (output, deferred) -> {
                            FieldFormats.writeText(output, deferred.cause().name());
                            FieldFormats.writeText(output, deferred.detail());
                            output.writeVarLong(deferred.retryAfter().toMillis(), true);
                        },
                        input -> new DeliveryOutcome.Deferred(
                                DeliveryOutcome.Cause.valueOf(FieldFormats.readText(input)),
                                FieldFormats.readText(input),
                                Duration.ofMillis(input.readVarLong(true)))));
    }

    private static List<VersionedFormat<?>> keeping(ActorRefs actors) {
        return List.of(
                VersionedFormat.of(
                        90,
                        "seal-class",
                        IntakeActor.Seal.class,
                        (output, seal) -> {
                            FieldFormats.writeText(output, seal.name());
                            actors.write(output, seal.replyTo());
                        },
                        input -> new IntakeActor.Seal(FieldFormats.readText(input), actors.read(input))),
                VersionedFormat.of(
                        91,
                        "class-sealed",
                        IntakeActor.Sealed.class,
                        (output, reply) -> FieldFormats.writeOptional(
                                output, reply.owner(), each -> writeHandle(actors, output, each)),
                        input -> new IntakeActor.Sealed(
                                FieldFormats.readOptional(input, () -> readHandle(actors, input)))),
                VersionedFormat.of(
                        92,
                        "forget-class",
                        IntakeActor.Forget.class,
                        (output, forget) -> {
                            FieldFormats.writeText(output, forget.name());
                            actors.write(output, forget.replyTo());
                        },
                        input -> new IntakeActor.Forget(FieldFormats.readText(input), actors.read(input))),
                VersionedFormat.of(
                        93,
                        "forgotten",
                        IntakeActor.Forgotten.class,
                        (output, forgotten) -> output.writeBoolean(forgotten.existed()),
                        input -> new IntakeActor.Forgotten(input.readBoolean())),
                VersionedFormat.of(
                        94,
                        "drain",
                        IntakeActor.Drain.class,
                        (output, drain) -> actors.write(output, drain.replyTo()),
                        input -> new IntakeActor.Drain(actors.read(input))));
    }

    private static List<VersionedFormat<?>> telling(ActorRefs actors) {
        return List.of(
                VersionedFormat.of(
                        100,
                        "look",
                        IntakeActor.Look.class,
                        (output, look) -> actors.write(output, look.replyTo()),
                        input -> new IntakeActor.Look(actors.read(input))),
                VersionedFormat.of(
                        101,
                        "view",
                        IntakeActor.View.class,
                        (output, view) -> {
                            output.writeBoolean(view.reading());
                            FieldFormats.writeList(output, view.classes(), each -> writeHandle(actors, output, each));
                            writeStoreRead(output, view.store());
                            FieldFormats.writeOptional(
                                    output,
                                    view.registryFailure(),
                                    failure -> FieldFormats.writeText(output, failure.name()));
                            output.writeVarLong(view.bytesInFlight(), true);
                        },
                        input -> new IntakeActor.View(
                                input.readBoolean(),
                                FieldFormats.<ClassHandle>readList(input, () -> readHandle(actors, input)),
                                readStoreRead(input),
                                FieldFormats.readOptional(
                                        input, () -> StoreFailure.valueOf(FieldFormats.readText(input))),
                                input.readVarLong(true))),
                VersionedFormat.of(
                        102,
                        "follow",
                        IntakeActor.Follow.class,
                        (output, follow) -> actors.write(output, follow.follower()),
                        input -> new IntakeActor.Follow(actors.read(input))),
                VersionedFormat.of(
                        103,
                        "class-appeared",
                        ClassNotification.Appeared.class,
                        (output, news) -> writeHandle(actors, output, news.owner()),
                        input -> new ClassNotification.Appeared(readHandle(actors, input))),
                VersionedFormat.of(
                        104,
                        "class-changed",
                        ClassNotification.Changed.class,
                        (output, news) -> {
                            output.writeVarInt(news.label(), true);
                            FieldFormats.writeText(output, news.phase().name());
                        },
                        input -> new ClassNotification.Changed(
                                input.readVarInt(true), ClassPhase.valueOf(FieldFormats.readText(input)))),
                VersionedFormat.of(
                        105,
                        "class-gone",
                        ClassNotification.Gone.class,
                        (output, news) -> output.writeVarInt(news.label(), true),
                        input -> new ClassNotification.Gone(input.readVarInt(true))),
                VersionedFormat.of(
                        106,
                        "store-read",
                        ClassNotification.StoreRead.class,
                        IntakeFormats::writeStoreRead,
                        IntakeFormats::readStoreRead));
    }

    private static void writeSample(Output output, Sample sample) {
        FieldFormats.writeText(output, sample.label());
        FieldFormats.writeOptional(output, sample.id(), id -> FieldFormats.writeText(output, id));
        FieldFormats.writeImage(output, sample.image());
    }

    private static Sample readSample(Input input) {
        return new Sample(
                FieldFormats.readText(input),
                FieldFormats.readOptional(input, () -> FieldFormats.readText(input)),
                FieldFormats.readImage(input));
    }

    private static void writeHandle(ActorRefs actors, Output output, ClassHandle handle) {
        output.writeVarInt(handle.label(), true);
        FieldFormats.writeText(output, handle.name());
        FieldFormats.writeText(output, handle.phase().name());
        output.writeVarLong(handle.seen(), true);
        actors.write(output, handle.owner());
    }

    private static ClassHandle readHandle(ActorRefs actors, Input input) {
        return new ClassHandle(
                input.readVarInt(true),
                FieldFormats.readText(input),
                ClassPhase.valueOf(FieldFormats.readText(input)),
                input.readVarLong(true),
                actors.read(input));
    }

    private static void writeStoreRead(Output output, ClassNotification.StoreRead read) {
        output.writeVarInt(read.classes(), true);
        output.writeVarLong(read.samples(), true);
        output.writeVarLong(read.images(), true);
        FieldFormats.writeTexts(output, read.unreadable());
    }

    private static ClassNotification.StoreRead readStoreRead(Input input) {
        return new ClassNotification.StoreRead(
                input.readVarInt(true),
                input.readVarLong(true),
                input.readVarLong(true),
                FieldFormats.readTexts(input));
    }
}
