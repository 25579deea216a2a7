package dev.reverie.actors.cluster;

import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.telemetry.TelemetryEvent.MemoryEvaluated;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The result of an evaluation, as the node that evaluates tells it to the others. It has no names of classes, so that
 * the name of a forgotten class remains nowhere.
 *
 * @param taken time at which the memory was copied
 * @param results results of the tested classes, at least one
 * @param memoryClasses number of classes of the memory, tested or not
 * @param seconds time spent on training and testing, without pauses
 */
record ReplicatedEvaluation(Instant taken, Instant ended, List<ClassResult> results, int memoryClasses, double seconds)
        implements Transferable {

    /**
     * The result of one class.
     *
     * @param accuracy share of correct predictions, in [0, 1]
     */
    record ClassResult(int classIndex, int images, double accuracy) {}

    ReplicatedEvaluation {
        results = List.copyOf(results);
    }

    static ReplicatedEvaluation of(MemoryEvaluated evaluated) {
        return new ReplicatedEvaluation(
                evaluated.taken(),
                evaluated.ended(),
                evaluated.accuracies().stream()
                        .map(each -> new ClassResult(each.classIndex(), each.images(), each.accuracy()))
                        .toList(),
                evaluated.memoryClasses(),
                evaluated.seconds().orElse(0));
    }

    /** Indices of the tested classes. */
    Set<Integer> classIndices() {
        return results.stream().map(ClassResult::classIndex).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the event for the listeners of a node, without the tested classes that have no name.
     *
     * @param here whether the node is the one that has evaluated the memory
     */
    MemoryEvaluated toEvent(Map<Integer, String> names, boolean here) {
        List<MemoryEvaluated.ClassAccuracy> named = results.stream()
                .flatMap(each -> Optional.ofNullable(names.get(each.classIndex()))
                        .map(name -> new MemoryEvaluated.ClassAccuracy(
                                each.classIndex(), name, each.images(), each.accuracy()))
                        .stream())
                .toList();
        return new MemoryEvaluated(
                taken,
                ended,
                named,
                memoryClasses - (results.size() - named.size()),
                here ? OptionalDouble.of(seconds) : OptionalDouble.empty());
    }
}
