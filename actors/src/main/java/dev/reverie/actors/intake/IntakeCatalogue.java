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

/** What is said to and by the intake. */
public final class IntakeCatalogue implements Catalogue {

    @Override
    public List<Format<?>> formats(ActorRefs actors) {
        List<Format<?>> formats = new ArrayList<>(delivering(actors));
        formats.addAll(keeping(actors));
        formats.addAll(telling(actors));
        return formats;
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
                            Fields.writeOptional(
                                    output,
                                    view.registryFailure(),
                                    failure -> Fields.writeText(output, failure.name()));
                            output.writeVarLong(view.bytesInFlight(), true);
                        },
                        input -> new Intake.View(
                                input.readBoolean(),
                                Fields.<ClassHandle>readList(input, () -> readHandle(actors, input)),
                                readStoreRead(input),
                                Fields.readOptional(input, () -> StoreFailure.valueOf(Fields.readText(input))),
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
        Fields.writeTexts(output, read.unreadable());
    }

    private static ClassNews.StoreRead readStoreRead(Input input) {
        return new ClassNews.StoreRead(
                input.readVarInt(true), input.readVarLong(true), input.readVarLong(true), Fields.readTexts(input));
    }
}
