package dev.reverie.actors.intake;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.deduplication.DeduplicationFormats;
import dev.reverie.actors.deduplication.DeliveredItem;
import dev.reverie.actors.registry.ClassHandle;
import dev.reverie.actors.registry.ClassNotificationFormats;
import dev.reverie.actors.serialization.ActorRefs;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.VersionedFormat;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.IngestSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Serialises the requests to the intake and the replies from it. */
public final class IntakeFormats implements FormatProvider {

    private static final int DELIVER_VERSION = 2;

    @Override
    public List<VersionedFormat<?>> formats(ActorRefs actors) {
        List<VersionedFormat<?>> formats = new ArrayList<>(deliveries(actors));
        formats.addAll(requests(actors));
        formats.addAll(queries(actors));
        return formats;
    }

    private static List<VersionedFormat<?>> deliveries(ActorRefs actors) {
        return List.of(
                new VersionedFormat<>(
                        80,
                        "deliver",
                        DELIVER_VERSION,
                        IntakeActor.Deliver.class,
                        (output, deliver) -> writeDeliver(actors, output, deliver),
                        (input, version) -> readDeliver(actors, input, version)),
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

    private static List<VersionedFormat<?>> requests(ActorRefs actors) {
        return List.of(
                actors.namedRequest(
                        90,
                        "seal-class",
                        IntakeActor.Seal.class,
                        IntakeActor.Seal::name,
                        IntakeActor.Seal::replyTo,
                        IntakeActor.Seal::new),
                actors.namedRequest(
                        95,
                        "seal-class-when-converged",
                        IntakeActor.SealWhenConverged.class,
                        IntakeActor.SealWhenConverged::name,
                        IntakeActor.SealWhenConverged::replyTo,
                        IntakeActor.SealWhenConverged::new),
                actors.namedRequest(
                        96,
                        "cancel-seal",
                        IntakeActor.CancelSeal.class,
                        IntakeActor.CancelSeal::name,
                        IntakeActor.CancelSeal::replyTo,
                        IntakeActor.CancelSeal::new),
                new VersionedFormat<>(
                        91,
                        "class-sealed",
                        ClassNotificationFormats.HANDLE_VERSION,
                        IntakeActor.Sealed.class,
                        (output, reply) -> FieldFormats.writeOptional(
                                output,
                                reply.handle(),
                                each -> ClassNotificationFormats.writeHandle(actors, output, each)),
                        (input, version) -> new IntakeActor.Sealed(FieldFormats.readOptional(
                                input, () -> ClassNotificationFormats.readHandle(actors, input, version)))),
                actors.namedRequest(
                        92,
                        "forget-class",
                        IntakeActor.Forget.class,
                        IntakeActor.Forget::name,
                        IntakeActor.Forget::replyTo,
                        IntakeActor.Forget::new),
                VersionedFormat.of(
                        93,
                        "forgotten",
                        IntakeActor.Forgotten.class,
                        (output, forgotten) -> output.writeBoolean(forgotten.existed()),
                        input -> new IntakeActor.Forgotten(input.readBoolean())),
                actors.request(
                        94, "drain", IntakeActor.Drain.class, IntakeActor.Drain::replyTo, IntakeActor.Drain::new));
    }

    private static List<VersionedFormat<?>> queries(ActorRefs actors) {
        return List.of(
                actors.request(
                        100,
                        "look",
                        IntakeActor.GetOverview.class,
                        IntakeActor.GetOverview::replyTo,
                        IntakeActor.GetOverview::new),
                new VersionedFormat<>(
                        101,
                        "view",
                        ClassNotificationFormats.HANDLE_VERSION,
                        IntakeActor.Overview.class,
                        (output, overview) -> {
                            output.writeBoolean(overview.loading());
                            FieldFormats.writeList(
                                    output,
                                    overview.classes(),
                                    each -> ClassNotificationFormats.writeHandle(actors, output, each));
                            ClassNotificationFormats.writeStoreLoaded(output, overview.store());
                            FieldFormats.writeOptional(
                                    output,
                                    overview.registryFailure(),
                                    failure -> FieldFormats.writeText(output, failure.name()));
                            output.writeVarLong(overview.pendingBytes(), true);
                            FieldFormats.writeOptional(
                                    output, overview.shape(), shape -> FieldFormats.writeShape(output, shape));
                        },
                        (input, version) -> new IntakeActor.Overview(
                                input.readBoolean(),
                                FieldFormats.<ClassHandle>readList(
                                        input, () -> ClassNotificationFormats.readHandle(actors, input, version)),
                                ClassNotificationFormats.readStoreLoaded(input),
                                FieldFormats.readOptional(
                                        input, () -> StoreFailure.valueOf(FieldFormats.readText(input))),
                                input.readVarLong(true),
                                FieldFormats.readOptional(input, () -> FieldFormats.readShape(input)))),
                actors.request(
                        123,
                        "get-items",
                        IntakeActor.GetItems.class,
                        IntakeActor.GetItems::replyTo,
                        IntakeActor.GetItems::new),
                VersionedFormat.of(
                        124,
                        "items",
                        IntakeActor.Items.class,
                        (output, items) -> DeduplicationFormats.writeKeys(output, items.keys()),
                        input -> new IntakeActor.Items(DeduplicationFormats.readKeys(input))),
                VersionedFormat.of(
                        125,
                        "remove-items",
                        IntakeActor.RemoveItems.class,
                        (output, remove) -> DeduplicationFormats.writeKeys(output, remove.keys()),
                        input -> new IntakeActor.RemoveItems(DeduplicationFormats.readKeys(input))),
                actors.request(
                        102,
                        "follow",
                        IntakeActor.Subscribe.class,
                        IntakeActor.Subscribe::subscriber,
                        IntakeActor.Subscribe::new));
    }

    private static void writeDeliver(ActorRefs actors, Output output, IntakeActor.Deliver deliver) {
        FieldFormats.writeText(output, deliver.delivery().source().name());
        FieldFormats.writeList(output, deliver.delivery().samples(), sample -> writeSample(output, sample));
        FieldFormats.writeList(output, deliver.delivery().items(), item -> {
            output.writeLong(item.key());
            output.writeVarInt(item.samples(), true);
        });
        actors.write(output, deliver.replyTo());
    }

    private static IntakeActor.Deliver readDeliver(ActorRefs actors, Input input, int version) {
        return new IntakeActor.Deliver(
                new Delivery(
                        IngestSource.valueOf(FieldFormats.readText(input)),
                        FieldFormats.<Sample>readList(input, () -> readSample(input)),
                        version == 1
                                ? List.of()
                                : FieldFormats.<DeliveredItem>readList(
                                        input, () -> new DeliveredItem(input.readLong(), input.readVarInt(true)))),
                actors.read(input));
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
}
