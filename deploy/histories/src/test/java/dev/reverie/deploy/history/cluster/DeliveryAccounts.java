package dev.reverie.deploy.history.cluster;

import dev.reverie.deploy.history.Answer;
import dev.reverie.deploy.history.Operation;
import dev.reverie.deploy.history.Request;
import dev.reverie.deploy.history.SampleKey;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The samples of classes that are only delivered to, and never sealed or deleted, according to the answers. A delivery
 * that is sent again has the same samples.
 */
final class DeliveryAccounts {

    private final List<Operation> deliveries;
    private final Map<List<SampleKey>, List<Operation>> bySamples;
    private final List<Operation> reads;

    /**
     * Reads a history.
     *
     * @param isCounted whether a label is that of a class that is only delivered to; no delivery has samples of such a
     *     class and of another one
     */
    DeliveryAccounts(Collection<Operation> history, Predicate<String> isCounted) {
        List<Operation> ordered = history.stream()
                .sorted(Comparator.comparingLong(Operation::sent))
                .toList();
        this.deliveries = ordered.stream()
                .filter(operation -> operation.request() instanceof Request.Deliver(var samples)
                        && isCounted.test(samples.getFirst().label()))
                .toList();
        this.bySamples = deliveries.stream()
                .collect(Collectors.groupingBy(DeliveryAccounts::samplesOf, LinkedHashMap::new, Collectors.toList()));
        this.reads = ordered.stream()
                .filter(operation -> operation.answer() instanceof Answer.Classes)
                .map(operation -> restricted(operation, isCounted))
                .toList();
    }

    /** The same read of classes, but only of some of them. */
    static Operation restricted(Operation read, Predicate<String> isCounted) {
        if (!(read.answer() instanceof Answer.Classes answer)) {
            return read;
        }
        Map<String, Answer.ClassView> counted = answer.classes().entrySet().stream()
                .filter(entry -> isCounted.test(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new Operation(
                read.number(), read.client(), read.request(), new Answer.Classes(counted), read.sent(), read.ended());
    }

    private static List<SampleKey> samplesOf(Operation delivery) {
        return ((Request.Deliver) delivery.request()).samples();
    }

    private static boolean isAcknowledged(Operation delivery) {
        return delivery.answer() instanceof Answer.Accepted;
    }

    /** The acknowledged deliveries with samples of a class. */
    private Stream<Operation> acknowledgedOf(String label) {
        return deliveries.stream()
                .filter(each -> isAcknowledged(each)
                        && samplesOf(each).stream()
                                .anyMatch(sample -> sample.label().equals(label)));
    }

    private static int acceptedBy(Operation delivery) {
        return delivery.answer() instanceof Answer.Accepted accepted ? accepted.accepted() : 0;
    }

    /** Number of deliveries that were acknowledged after a moment. */
    int acknowledgements(long from) {
        return (int) deliveries.stream()
                .filter(each -> isAcknowledged(each) && each.ended() > from)
                .count();
    }

    /** Deliveries of which each sample was called durable. */
    List<List<SampleKey>> acknowledged() {
        return select(true);
    }

    /** Deliveries that were never acknowledged, of which any sample may be stored. */
    List<List<SampleKey>> unacknowledged() {
        return select(false);
    }

    private List<List<SampleKey>> select(boolean acknowledged) {
        return bySamples.entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(DeliveryAccounts::isAcknowledged) == acknowledged)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Number of samples of each class that were delivered, answered or not. */
    Map<String, Long> delivered() {
        return count(bySamples.keySet());
    }

    /** Number of samples of each class that are durable, or may be, according to the answers. */
    Map<String, Long> perhapsStored() {
        return count(bySamples.entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(DeliveryAccounts::mayBeStored))
                .map(Map.Entry::getKey)
                .toList());
    }

    private static boolean mayBeStored(Operation delivery) {
        return !(delivery.answer() instanceof Answer.NotStored);
    }

    /** Number of samples of each class that are durable according to the answers. */
    Map<String, Long> durable() {
        return count(acknowledged());
    }

    private static Map<String, Long> count(Collection<List<SampleKey>> samples) {
        return samples.stream()
                .flatMap(List::stream)
                .distinct()
                .collect(Collectors.groupingBy(SampleKey::label, Collectors.counting()));
    }

    /** Number of samples that were new after they had been acknowledged: they had been lost. */
    int lost() {
        return bySamples.values().stream().mapToInt(DeliveryAccounts::lost).sum();
    }

    private static int lost(List<Operation> same) {
        int lost = 0;
        for (Operation again : same) {
            boolean wasDurable =
                    same.stream().anyMatch(before -> isAcknowledged(before) && before.ended() < again.sent());
            lost += wasDurable ? acceptedBy(again) : 0;
        }
        return lost;
    }

    /** Number of samples that were called new more than once. */
    int countedTwice() {
        return bySamples.entrySet().stream()
                .mapToInt(entry -> Math.max(
                        0,
                        entry.getValue().stream()
                                        .mapToInt(DeliveryAccounts::acceptedBy)
                                        .sum()
                                - entry.getKey().size()))
                .sum();
    }

    /**
     * Answers that nothing explains: an unexpected one, one that refuses a sample or does not count each sample, or a
     * duplicate of what no other delivery can have stored.
     */
    List<Operation> inexplicable() {
        return bySamples.values().stream()
                .flatMap(same -> same.stream().filter(each -> isInexplicable(each, same)))
                .toList();
    }

    private static boolean isInexplicable(Operation delivery, List<Operation> same) {
        return switch (delivery.answer()) {
            case Answer.Unexpected _ -> true;
            case Answer.Accepted(var accepted, var duplicates, var _) ->
                accepted + duplicates != samplesOf(delivery).size()
                        || (duplicates > 0 && same.stream().noneMatch(other -> explainsDuplicates(other, delivery)));
            default -> false;
        };
    }

    private static boolean explainsDuplicates(Operation other, Operation delivery) {
        return other.number() != delivery.number() && other.sent() < delivery.ended() && mayBeStored(other);
    }

    /** Reads in which a class has fewer samples than an earlier read of the same client has shown, in their order. */
    List<Operation> fallingReads() {
        Map<String, Map<String, Long>> highest = new HashMap<>();
        Set<Operation> falling = new LinkedHashSet<>();
        for (Operation read : reads) {
            Map<String, Long> before = highest.computeIfAbsent(read.client(), _ -> new HashMap<>());
            Map<String, Answer.ClassView> now = ((Answer.Classes) read.answer()).classes();
            before.forEach((label, seen) -> {
                if (!now.containsKey(label) || now.get(label).seen() < seen) {
                    falling.add(read);
                }
            });
            now.forEach((label, view) -> before.merge(label, view.seen(), Math::max));
        }
        return List.copyOf(falling);
    }

    /** The longest time between two acknowledgements of samples of a class, from a moment on, in ns. */
    long longestGap(String label, long from, long until) {
        long last = from;
        long longest = 0;
        List<Long> times = acknowledgedOf(label)
                .map(Operation::ended)
                .filter(time -> time > from && time < until)
                .sorted()
                .toList();
        for (long time : times) {
            longest = Math.max(longest, time - last);
            last = time;
        }
        return Math.max(longest, until - last);
    }

    /** Whether samples of a class were acknowledged in answer to a request that was sent after a moment. */
    boolean hasAcknowledged(String label, long after) {
        return acknowledgedOf(label).anyMatch(each -> each.sent() > after);
    }
}
