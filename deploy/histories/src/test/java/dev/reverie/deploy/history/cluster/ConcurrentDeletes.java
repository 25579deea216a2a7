package dev.reverie.deploy.history.cluster;

import dev.reverie.deploy.history.Answer;
import dev.reverie.deploy.history.Operation;
import dev.reverie.deploy.history.Request;
import java.util.List;

/**
 * DELETEs whose answers do not tell whether the class existed. The nodes that receive several at the same time each
 * tell the first who asks that the class existed. A node that does not know yet of the first samples that another node
 * is storing deletes the class, but responds that there is none.
 */
final class ConcurrentDeletes {

    private ConcurrentDeletes() {}

    /** Replaces the answers of such DELETEs by {@link Answer.Gone}. */
    static List<Operation> marked(List<Operation> operations) {
        List<Operation> deletes = operations.stream()
                .filter(operation -> operation.request() instanceof Request.Delete)
                .toList();
        return operations.stream()
                .map(operation -> isAmbiguous(operation, deletes, operations) ? gone(operation) : operation)
                .toList();
    }

    private static boolean isAmbiguous(Operation operation, List<Operation> deletes, List<Operation> all) {
        return operation.request() instanceof Request.Delete(var label)
                && switch (operation.answer()) {
                    case Answer.Done() ->
                        deletes.stream()
                                .anyMatch(other ->
                                        other.request().equals(operation.request()) && overlap(operation, other));
                    case Answer.NotFound() ->
                        all.stream().anyMatch(other -> overlap(operation, other) && delivers(other, label));
                    default -> false;
                };
    }

    private static boolean delivers(Operation operation, String label) {
        return operation.request() instanceof Request.Deliver(var samples)
                && samples.stream().anyMatch(sample -> sample.label().equals(label));
    }

    private static boolean overlap(Operation one, Operation other) {
        return one.number() != other.number() && one.sent() < other.ended() && other.sent() < one.ended();
    }

    private static Operation gone(Operation operation) {
        return new Operation(
                operation.number(),
                operation.client(),
                operation.request(),
                new Answer.Gone(),
                operation.sent(),
                operation.ended());
    }
}
