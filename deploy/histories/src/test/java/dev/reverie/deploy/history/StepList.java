package dev.reverie.deploy.history;

import dev.reverie.deploy.history.Step.Moment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The steps of a history, in the order in which they can begin.
 *
 * @param steps ordered by {@link Moment#sent}
 * @param labels label of each class number
 * @param labelOfSample number of the class of each sample number
 * @param operations ordered by the times when they were sent
 */
record StepList(List<Step> steps, List<String> labels, List<Integer> labelOfSample, List<Operation> operations) {

    static StepList of(History history) {
        return new Builder(history).build();
    }

    /**
     * The steps of one class; a delivery keeps only its samples of this class. What explains the whole list also
     * explains these steps, of which there are far fewer.
     */
    StepList of(int label) {
        List<Step> own = new ArrayList<>();
        for (Step step : steps) {
            boolean isOwn =
                    switch (step) {
                        case Step.Part part -> part.label() == label;
                        case Step.Deletion deletion -> deletion.label() == label;
                        case Step.Sealing sealing -> sealing.label() == label;
                        case Step.ClassRead read -> read.label() == label;
                        case Step.MemoryRead read -> read.label() == label;
                        case Step.TotalsRead _ -> false;
                        case Step.Inexplicable _, Step.Death _ -> true;
                    };
            if (isOwn) {
                own.add(step instanceof Step.Part part ? part.alone() : step);
            }
        }
        return new StepList(own, labels, labelOfSample, operations);
    }

    /**
     * The classes on which each step depends, as bit masks: those of the whole delivery for a part of it, if the answer
     * gives their sum. Two classes can share a bit.
     */
    long[] scopes() {
        long[] summed = new long[operations.size()];
        for (Step step : steps) {
            if (step instanceof Step.Part part && part.sum().isPresent()) {
                summed[part.moment().operation()] |= bit(part.label());
            }
        }
        return steps.stream()
                .mapToLong(step -> switch (step) {
                    case Step.Part part -> summed[part.moment().operation()] | bit(part.label());
                    case Step.Deletion deletion -> bit(deletion.label());
                    case Step.Sealing sealing -> bit(sealing.label());
                    case Step.ClassRead read -> bit(read.label());
                    case Step.MemoryRead read -> bit(read.label());
                    case Step.TotalsRead _, Step.Inexplicable _ -> -1;
                    case Step.Death _ -> 0;
                })
                .toArray();
    }

    private static long bit(int label) {
        return 1L << label;
    }

    private static final class Builder {

        private final List<Operation> operations;
        private final List<Long> deaths;
        private final Map<String, Integer> labels = new LinkedHashMap<>();
        private final Map<SampleKey, Integer> samples = new LinkedHashMap<>();
        private final List<Step> steps = new ArrayList<>();

        Builder(History history) {
            this.operations = history.operations().stream()
                    .sorted(Comparator.comparingLong(Operation::sent))
                    .toList();
            this.deaths = history.deaths().stream().sorted().toList();
        }

        StepList build() {
            operations.forEach(this::number);
            for (int i = 0; i < operations.size(); i++) {
                add(operations.get(i), moment(i));
            }
            for (int epoch = 0; epoch < deaths.size(); epoch++) {
                long time = deaths.get(epoch);
                steps.add(new Step.Death(new Moment(-1, time, time, epoch, false)));
            }
            steps.sort(Comparator.comparingLong(step -> step.moment().sent()));
            List<Integer> labelOfSample = samples.keySet().stream()
                    .map(sample -> label(sample.label()))
                    .toList();
            return new StepList(steps, List.copyOf(labels.keySet()), labelOfSample, operations);
        }

        private void number(Operation operation) {
            switch (operation.request()) {
                case Request.Deliver(var delivered) ->
                    delivered.forEach(sample -> {
                        label(sample.label());
                        samples.putIfAbsent(sample, samples.size());
                    });
                case Request.Delete(var label) -> label(label);
                case Request.Seal(var label) -> label(label);
                default -> {}
            }
            switch (operation.answer()) {
                case Answer.Classes(var classes) -> classes.keySet().forEach(this::label);
                case Answer.Memory(var shown) -> shown.forEach(this::label);
                default -> {}
            }
        }

        private int label(String name) {
            Integer known = labels.get(name);
            int number = known == null ? labels.size() : known;
            labels.put(name, number);
            return number;
        }

        private Moment moment(int index) {
            Operation operation = operations.get(index);
            int epoch = (int)
                    deaths.stream().filter(death -> death <= operation.sent()).count();
            long ended = operation.isUnknown() ? Long.MAX_VALUE : answeredBy(operation, epoch);
            return new Moment(index, operation.sent(), ended, epoch, operation.isUnknown());
        }

        /** A client can read an answer after the service that sent it was killed. */
        private long answeredBy(Operation operation, int epoch) {
            return epoch < deaths.size() ? Math.min(operation.ended(), deaths.get(epoch)) : operation.ended();
        }

        private void add(Operation operation, Moment moment) {
            switch (operation.request()) {
                case Request.Deliver(var delivered) -> addDelivery(delivered, operation.answer(), moment);
                case Request.Delete(var label) ->
                    addChange(operation.answer(), moment, found -> new Step.Deletion(moment, label(label), found));
                case Request.Seal(var label) ->
                    addChange(operation.answer(), moment, found -> new Step.Sealing(moment, label(label), found));
                case Request.ReadClasses() -> addRead(operation.answer(), moment);
                case Request.ReadStatus() -> addRead(operation.answer(), moment);
                case Request.ReadMemory() -> addRead(operation.answer(), moment);
            }
        }

        /**
         * Adds a seal or a DELETE.
         *
         * @param change creates the step from whether the class was found, which is empty if that is unknown
         */
        private void addChange(Answer answer, Moment moment, Function<Optional<Boolean>, Step> change) {
            switch (answer) {
                case Answer.Done() -> steps.add(change.apply(Optional.of(true)));
                case Answer.NotFound() -> steps.add(change.apply(Optional.of(false)));
                case Answer.Gone _, Answer.Unknown _ -> steps.add(change.apply(Optional.empty()));
                case Answer.NotStored _ -> {}
                default -> steps.add(new Step.Inexplicable(moment));
            }
        }

        private void addDelivery(List<SampleKey> delivered, Answer answer, Moment moment) {
            Map<Integer, List<Integer>> byLabel = numbersByLabel(delivered);
            switch (answer) {
                case Answer.NotStored _ -> {}
                case Answer.Unknown _ ->
                    byLabel.forEach((label, numbers) ->
                            steps.add(new Step.Part(moment, label, numbers, List.of(), Optional.empty())));
                case Answer.Accepted accepted
                when accepted.total() == delivered.size() -> {
                    Optional<Step.Sum> sum = Optional.of(new Step.Sum(accepted.accepted(), byLabel.size()));
                    Map<Integer, List<Integer>> refused = numbersByLabel(accepted.refused());
                    byLabel.forEach((label, numbers) -> steps.add(
                            new Step.Part(moment, label, numbers, refused.getOrDefault(label, List.of()), sum)));
                }
                default -> steps.add(new Step.Inexplicable(moment));
            }
        }

        private Map<Integer, List<Integer>> numbersByLabel(List<SampleKey> keys) {
            return keys.stream()
                    .collect(Collectors.groupingBy(
                            key -> label(key.label()),
                            TreeMap::new,
                            Collectors.mapping(key -> samples.getOrDefault(key, -1), Collectors.toUnmodifiableList())));
        }

        private void addRead(Answer answer, Moment moment) {
            switch (answer) {
                case Answer.Classes(var classes) ->
                    labels.forEach((label, number) ->
                            steps.add(new Step.ClassRead(moment, number, Optional.ofNullable(classes.get(label)))));
                case Answer.Memory(var shown) ->
                    shown.forEach(label -> steps.add(new Step.MemoryRead(moment, label(label))));
                case Answer.Status(var total, var classes) -> steps.add(new Step.TotalsRead(moment, total, classes));
                case Answer.Unknown _ -> {}
                default -> steps.add(new Step.Inexplicable(moment));
            }
        }
    }
}
