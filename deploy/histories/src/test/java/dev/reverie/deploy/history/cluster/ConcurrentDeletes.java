package dev.reverie.deploy.history.cluster;

import dev.reverie.deploy.history.Answer;
import dev.reverie.deploy.history.Operation;
import dev.reverie.deploy.history.Request;
import java.util.List;

/**
 * DELETEs of a class that overlap in time. The nodes that receive them each tell the first who asks that the class
 * existed, so several can be told so of the same class.
 */
final class ConcurrentDeletes {

    private ConcurrentDeletes() {}

    /** Replaces the answers of such DELETEs by {@link Answer.Gone}. */
    static List<Operation> marked(List<Operation> operations) {
        List<Operation> deletes = operations.stream()
                .filter(operation -> operation.request() instanceof Request.Delete)
                .toList();
        return operations.stream()
                .map(operation -> isAmbiguous(operation, deletes) ? gone(operation) : operation)
                .toList();
    }

    private static boolean isAmbiguous(Operation operation, List<Operation> deletes) {
        return operation.request() instanceof Request.Delete
                && operation.answer() instanceof Answer.Done
                && deletes.stream().anyMatch(other -> overlap(operation, other));
    }

    private static boolean overlap(Operation one, Operation other) {
        return one.number() != other.number()
                && one.request().equals(other.request())
                && one.sent() < other.ended()
                && other.sent() < one.ended();
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
