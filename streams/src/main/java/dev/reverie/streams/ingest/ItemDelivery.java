package dev.reverie.streams.ingest;

import dev.reverie.actors.Asks;
import dev.reverie.actors.intake.IngestSource;
import dev.reverie.actors.intake.Sample;
import dev.reverie.streams.service.IngestListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * Settles parcels: what can be read is admitted, several parcels in one delivery; what cannot be read, or is refused,
 * is put aside with the reason. A delivery that is refused is halved until it is clear which parcel is to blame, so
 * none suffers from its neighbours.
 *
 * @param <T> what the door calls a piece that came in
 */
public final class ItemDelivery<T> {

    /** What a sample weighs at least: so as many samples are together as a group may have, and no more bytes. */
    private static final long SMALLEST = 64 << 10;

    private final IngestSource door;
    private final RetryingDelivery admission;
    private final IngestListener listener;
    private final Outcome<T> outcome;

    public ItemDelivery(IngestSource door, RetryingDelivery admission, IngestListener listener, Outcome<T> outcome) {
        this.door = door;
        this.admission = admission;
        this.listener = listener;
        this.outcome = outcome;
    }

    /** What a door does about a parcel when its fate is known. The parcel is settled when the stage completes. */
    public interface Outcome<T> {

        /** All samples of it are durable. */
        CompletionStage<Done> admitted(T origin);

        /** Nothing of it is taken in, now or later. */
        CompletionStage<Done> refused(T origin, Refusal refusal);
    }

    /**
     * Settles what flows through, in groups, whose order is kept.
     *
     * @param samples of one group at most, unless a single parcel has more; a group has at most 64 KiB for each of
     *     them, as sent and unpacked together, unless a single parcel has more
     * @param window that a group stays open
     * @return emits what is settled
     */
    public Flow<SourceItem<T>, List<T>, NotUsed> flow(int samples, Duration window) {
        return Flow.<SourceItem<T>>create()
                .groupedWeightedWithin(samples * SMALLEST, ItemDelivery::weight, window)
                .mapAsync(2, this::settle); // one is made durable while the next one is examined
    }

    private static <T> Long weight(SourceItem<T> parcel) {
        return switch (parcel) {
            case SourceItem.Sound<T> sound ->
                Math.max(
                        sound.samples().size() * SMALLEST,
                        sound.sent()
                                + sound.samples().stream()
                                        .mapToLong(
                                                sample -> sample.image().shape().size())
                                        .sum());
            case SourceItem.Broken<T> broken -> Math.max(SMALLEST, broken.sent());
        };
    }

    private CompletionStage<List<T>> settle(List<SourceItem<T>> parcels) {
        List<SourceItem.Sound<T>> sound = new ArrayList<>();
        List<CompletionStage<Done>> steps = new ArrayList<>();
        for (SourceItem<T> parcel : parcels) {
            switch (parcel) {
                case SourceItem.Sound<T> whole -> sound.add(whole);
                case SourceItem.Broken<T> broken -> steps.add(refuse(broken, broken.refusal()));
            }
        }
        if (!sound.isEmpty()) {
            steps.add(admit(sound));
        }
        return Asks.all(steps)
                .thenApply(_ -> parcels.stream().map(SourceItem::origin).toList());
    }

    private CompletionStage<Done> admit(List<SourceItem.Sound<T>> parcels) {
        List<Sample> samples =
                parcels.stream().flatMap(parcel -> parcel.samples().stream()).toList();
        return admission.admit(samples).thenCompose(refusal -> follow(refusal, parcels));
    }

    private CompletionStage<Done> follow(Optional<Refusal> refusal, List<SourceItem.Sound<T>> parcels) {
        if (refusal.isEmpty()) {
            return Asks.all(parcels.stream()
                            .map(parcel -> outcome.admitted(parcel.origin()))
                            .toList())
                    .thenApply(_ -> Done.getInstance());
        }
        if (parcels.size() == 1) {
            return refuse(parcels.getFirst(), refusal.get());
        }
        int half = parcels.size() / 2;
        return admit(parcels.subList(0, half)).thenCompose(_ -> admit(parcels.subList(half, parcels.size())));
    }

    private CompletionStage<Done> refuse(SourceItem<T> parcel, Refusal refusal) {
        listener.refused(door, refusal.reason(), refusal.samples());
        return outcome.refused(parcel.origin(), refusal);
    }
}
