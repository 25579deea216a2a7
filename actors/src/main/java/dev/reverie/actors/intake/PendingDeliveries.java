package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.DeliveredFilesActor;
import dev.reverie.actors.intake.DeliveryOutcome.Deferred;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.dataset.ImageShape;
import it.unimi.dsi.fastutil.longs.LongList;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The deliveries without a reply. Each is checked, waits until the registry has its classes, and is dealt to them. It
 * is answered when every class has judged its samples, and the files from which they come are recorded. Whatever a
 * class does not judge in time is deferred: samples that were stored nevertheless count as duplicates when they are
 * sent again. Owned by the intake.
 */
final class PendingDeliveries {

    /** A class that neither judges samples nor reports a failure for this long is not waited for. In ticks. */
    static final int TICKS_TO_ANSWER = 20;

    /** Maximum size of the images of a message; with its other parts, it stays below the frame size of a cluster. */
    private static final long MAX_MESSAGE_BYTES = 60L << 20;

    private final ClassTable classes;
    private final RegistryChanges registry;
    private final DeliveredFiles files;
    private final DeliveryCheck check;
    private final long maxBytes;
    private final ActorRef<ClassCommand.SamplesJudged> judged;
    /** In the order of arrival. */
    private final Map<Long, PendingDelivery> byId = new LinkedHashMap<>();
    /** Those that wait for new classes. */
    private final Set<PendingDelivery> unregistered = new HashSet<>();
    /** New files of the deliveries. */
    private final LongOpenHashSet filesInFlight = new LongOpenHashSet();
    /** Random, so that the answer to an earlier intake is not taken for one to this intake. */
    private long nextId = ThreadLocalRandom.current().nextLong();

    private long bytes;
    private long ticks;

    /**
     * Creates an empty set.
     *
     * @param judged receives the replies of the classes, which the owner passes to {@link #onJudged}
     */
    PendingDeliveries(
            ClassTable classes,
            RegistryChanges registry,
            DeliveredFiles files,
            IntakeSettings settings,
            ActorRef<ClassCommand.SamplesJudged> judged) {
        this.classes = classes;
        this.registry = registry;
        this.files = files;
        this.check = new DeliveryCheck(classes, registry, files, settings);
        this.maxBytes = settings.limits().pendingBytes();
        this.judged = judged;
    }

    /** Approximate size of all deliveries without a reply in memory, in bytes. */
    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    void deliver(Delivery delivery, ActorRef<DeliveryOutcome> replyTo) {
        long size = delivery.bytes();
        if (bytes > 0 && bytes + size > maxBytes) {
            replyTo.tell(Deferred.OVERLOADED);
            return;
        }
        if (delivery.files().stream().anyMatch(file -> filesInFlight.contains(file.key()))) {
            replyTo.tell(Deferred.REPEATED);
            return;
        }
        PendingDelivery next =
                new PendingDelivery(nextId++, delivery, replyTo, files::wasDelivered, ticks + TICKS_TO_ANSWER);
        bytes += size;
        byId.put(next.id(), next);
        filesInFlight.addAll(LongList.of(next.newFiles().toArray()));
        deal(next);
        registry.appendMissingEvents();
    }

    /** Deals the samples to their classes, unless the delivery is refused or has to wait for a new class. */
    private void deal(PendingDelivery delivery) {
        List<Sample> samples = delivery.samples();
        Set<String> newClasses = samples.stream()
                .map(Sample::label)
                .filter(label -> classes.named(label).isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Optional<DeliveryOutcome> objection = check.objectionTo(delivery.hasFiles(), samples, newClasses);
        if (objection.isPresent()) {
            end(delivery, objection.get());
        } else if (newClasses.isEmpty()) {
            delivery.positionsByLabel().forEach((label, positions) -> send(delivery, label, positions));
            proceed(delivery);
        } else {
            unregistered.add(delivery);
            registry.register(newClasses, check.shapeFor(samples));
        }
    }

    /** Sends a class its samples: in one message, unless they exceed the size of a message. */
    private void send(PendingDelivery delivery, String label, List<Integer> positions) {
        ClassEntry entry = classes.named(label).orElseThrow();
        ImageShape shape = registry.state().shape().orElseThrow();
        int most = (int) Math.max(1, MAX_MESSAGE_BYTES / shape.size());
        for (int from = 0; from < positions.size(); from += most) {
            delivery.send(
                    entry, positions.subList(from, Math.min(positions.size(), from + most)), shape.channels(), judged);
        }
    }

    void onJudged(ClassCommand.SamplesJudged verdicts) {
        Optional.ofNullable(byId.get(verdicts.delivery())).ifPresent(delivery -> {
            delivery.onJudged(verdicts);
            proceed(delivery);
        });
    }

    /** Records the files of a delivery that its classes have judged, and answers it when they are durable. */
    private void proceed(PendingDelivery delivery) {
        if (!delivery.isJudged()) {
            return;
        }
        if (delivery.newFiles().size() == 0) {
            delivery.replyJudged();
            remove(delivery);
        } else if (files.failure().isPresent()) {
            end(delivery, Deferred.of(files.failure().get()));
        } else {
            files.add(delivery.id(), delivery.newFiles());
        }
    }

    /** The record of delivered files reports; {@link DeliveredFiles} does not know of the report yet. */
    void onFilesReport(DeliveredFilesActor.Report report) {
        switch (report) {
            case DeliveredFilesActor.Added(var id) ->
                Optional.ofNullable(byId.get(id)).filter(files::isRecording).ifPresent(delivery -> {
                    delivery.replyJudged();
                    remove(delivery);
                });
            case DeliveredFilesActor.Failed(var failure, var _) -> defer(Deferred.of(failure), files::isRecording);
            case DeliveredFilesActor.Recovered _ -> defer(Deferred.of(StoreFailure.UNAVAILABLE), files::isRecording);
        }
    }

    /** The registry has changed: deals the deliveries whose new classes it may have now, in the order of arrival. */
    void onRegistryUpdated() {
        List<PendingDelivery> waiting =
                byId.values().stream().filter(unregistered::contains).toList();
        unregistered.clear();
        waiting.forEach(this::deal);
    }

    /** Defers the deliveries that wait for new classes. */
    void onRegistryFailed(StoreFailure failure) {
        defer(Deferred.of(failure), unregistered::contains);
    }

    /** Defers the deliveries to a class that has lost what it was sent, or that cannot store it. */
    void onClassFailed(ClassEntry entry, StoreFailure failure) {
        defer(Deferred.of(failure, entry.label()), delivery -> delivery.isAwaiting(entry));
    }

    /** Defers all deliveries to a class that is being forgotten. */
    void onForget(ClassEntry entry) {
        defer(
                Deferred.FORGETTING,
                delivery -> delivery.isAwaiting(entry)
                        || (unregistered.contains(delivery) && delivery.hasSamplesOf(entry.label())));
    }

    /**
     * Defers the deliveries that have waited too long for their classes. One whose files are being recorded is answered
     * when the record reports success or failure: if it were deferred, it could be sent again before its files are
     * known.
     */
    void onTick() {
        ticks++;
        defer(
                Deferred.of(StoreFailure.UNREACHABLE),
                delivery -> delivery.deadline() <= ticks && !files.isRecording(delivery));
    }

    private void defer(Deferred outcome, Predicate<PendingDelivery> condition) {
        List<PendingDelivery> due = new ArrayList<>();
        byId.values().stream().filter(condition).forEach(due::add);
        due.forEach(delivery -> end(delivery, outcome));
    }

    private void end(PendingDelivery delivery, DeliveryOutcome outcome) {
        delivery.reply(outcome);
        remove(delivery);
    }

    private void remove(PendingDelivery delivery) {
        byId.remove(delivery.id());
        unregistered.remove(delivery);
        filesInFlight.removeAll(LongList.of(delivery.newFiles().toArray()));
        bytes -= delivery.bytes();
    }
}
