package dev.reverie.streams.ingest;

import dev.reverie.actors.Asks;
import dev.reverie.actors.deduplication.DeliveredFile;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.DeliveryOutcome.RefusedSample;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.streams.service.IngestListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * Groups items into deliveries to the service, and disposes of each item according to the outcome. Repeatedly halves a
 * refused delivery, so that in the end only the faulty items are refused.
 *
 * @param <T> type of the ingest source's items
 */
public record ItemDelivery<T>(
        IngestSource source, RetryingDelivery delivery, IngestListener listener, Disposition<T> disposition) {

    /**
     * The minimum weight of a sample, in bytes. With it, a limit on the weight of a group limits both its samples and
     * its bytes.
     */
    private static final long MIN_WEIGHT = 64 << 10;

    /**
     * The result of decoding one item, for example a Kafka record or a file. An item is accepted or refused as a whole.
     *
     * @param <T> type of the ingest source's items
     */
    public sealed interface DecodeResult<T> {

        T origin();

        /** Returns the size of the item as sent, in bytes. */
        long sent();

        record Decoded<T>(T origin, long sent, List<Sample> samples) implements DecodeResult<T> {

            public Decoded {
                samples = List.copyOf(samples);
            }
        }

        record Undecodable<T>(T origin, long sent, Refusal refusal) implements DecodeResult<T> {}
    }

    /** Handles an item after its delivery. The item is finished when the returned stage completes. */
    public interface Disposition<T> {

        /**
         * Returns the key by which the service recognises the item when it is delivered again; empty if it recognises
         * the samples of the item instead.
         */
        default OptionalLong key(T origin) {
            return OptionalLong.empty();
        }

        /** Returns a name by which a person finds the item. */
        String name(T origin);

        /** Handles an item whose samples are all durable. */
        CompletionStage<Done> accepted(T origin);

        /** Handles an item of which some or all samples were permanently refused. */
        CompletionStage<Done> refused(T origin, Refusal refusal);
    }

    /**
     * Returns a flow that delivers items in groups and keeps the order of the groups.
     *
     * @param samples maximum number of samples in a group. The size of a group, as sent and decoded together, is
     *     limited to 64 KiB times this number. A single item may exceed both limits
     * @param window maximum time that a group waits for further items
     * @return a flow that emits the finished items of each group
     */
    public Flow<DecodeResult<T>, List<T>, NotUsed> flow(int samples, Duration window) {
        return Flow.<DecodeResult<T>>create()
                .groupedWeightedWithin(samples * MIN_WEIGHT, ItemDelivery::weight, window)
                .mapAsync(2, this::process); // one group becomes durable while the next one is validated
    }

    private static <T> Long weight(DecodeResult<T> item) {
        return switch (item) {
            case DecodeResult.Decoded<T> decoded ->
                Math.max(
                        decoded.samples().size() * MIN_WEIGHT,
                        decoded.sent()
                                + decoded.samples().stream()
                                        .mapToLong(
                                                sample -> sample.image().shape().size())
                                        .sum());
            case DecodeResult.Undecodable<T> undecodable -> Math.max(MIN_WEIGHT, undecodable.sent());
        };
    }

    private CompletionStage<List<T>> process(List<DecodeResult<T>> items) {
        List<DecodeResult.Decoded<T>> decoded = new ArrayList<>();
        List<CompletionStage<Done>> steps = new ArrayList<>();
        for (DecodeResult<T> item : items) {
            switch (item) {
                case DecodeResult.Decoded<T> each -> decoded.add(each);
                case DecodeResult.Undecodable<T> undecodable -> steps.add(refuse(undecodable, undecodable.refusal()));
            }
        }
        if (!decoded.isEmpty()) {
            steps.add(deliver(decoded));
        }
        return Asks.all(steps)
                .thenApply(_ -> items.stream().map(DecodeResult::origin).toList());
    }

    private CompletionStage<Done> deliver(List<DecodeResult.Decoded<T>> items) {
        List<Sample> samples =
                items.stream().flatMap(item -> item.samples().stream()).toList();
        List<DeliveredFile> keys = items.stream()
                .flatMap(item -> disposition.key(item.origin()).stream()
                        .mapToObj(key -> new DeliveredFile(key, item.samples().size())))
                .toList();
        return delivery.deliver(samples, keys).thenCompose(outcome -> conclude(outcome, items));
    }

    private CompletionStage<Done> conclude(DeliveryOutcome outcome, List<DecodeResult.Decoded<T>> items) {
        return switch (outcome) {
            case DeliveryOutcome.Accepted accepted -> dispose(accepted.refused(), items);
            case DeliveryOutcome.Refused refused
            when items.size() == 1 ->
                refuse(
                        items.getFirst(),
                        Refusal.of(refused, items.getFirst().samples().size()));
            case DeliveryOutcome.Refused _ -> {
                int half = items.size() / 2;
                yield deliver(items.subList(0, half)).thenCompose(_ -> deliver(items.subList(half, items.size())));
            }
            case DeliveryOutcome.Deferred _ ->
                throw new IllegalStateException("a deferred delivery is tried again until it is accepted or refused");
        };
    }

    /** Refuses the items that have refused samples, whose other samples are durable, and accepts the others. */
    private CompletionStage<Done> dispose(List<RefusedSample> refused, List<DecodeResult.Decoded<T>> items) {
        List<CompletionStage<Done>> steps = new ArrayList<>();
        int first = 0;
        for (DecodeResult.Decoded<T> item : items) {
            int from = first;
            int end = from + item.samples().size();
            List<RefusedSample> ofItem = refused.stream()
                    .filter(sample -> sample.index() >= from && sample.index() < end)
                    .map(sample -> sample.from(from))
                    .toList();
            steps.add(ofItem.isEmpty() ? disposition.accepted(item.origin()) : refuse(item, Refusal.ofSamples(ofItem)));
            first = end;
        }
        return Asks.all(steps).thenApply(_ -> Done.getInstance());
    }

    private CompletionStage<Done> refuse(DecodeResult<T> item, Refusal refusal) {
        listener.refused(new IngestListener.Refused(
                source,
                refusal.reason(),
                refusal.samples(),
                Optional.of(disposition.name(item.origin())),
                refusal.detail()));
        return disposition.refused(item.origin(), refusal);
    }
}
