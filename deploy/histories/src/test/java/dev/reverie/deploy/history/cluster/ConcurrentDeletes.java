package dev.reverie.deploy.history.cluster;

import dev.reverie.deploy.history.Answer;
import dev.reverie.deploy.history.Operation;
import dev.reverie.deploy.history.Request;
import java.util.List;
import java.util.function.Predicate;

/**
 * DELETEs whose answers do not tell whether the class existed. The nodes that receive several at the same time each
 * tell the first who asks that the class existed. A node that does not know yet of the first samples that another node
 * is storing deletes the class, but responds that there is none.
 */
final class ConcurrentDeletes {

    private ConcurrentDeletes() {}

    /** Replaces the answers of such DELETEs by {@link Answer.Gone}. */
    static List<Operation> marked(List<Operation> operations) {
        return operations.stream()
                .map(operation -> isAmbiguous(operation, operations) ? gone(operation) : operation)
                .toList();
    }

    private static boolean isAmbiguous(Operation operation, List<Operation> all) {
        if (!(operation.request() instanceof Request.Delete(var label))) {
            return false;
        }
        Predicate<Operation> conflicts =
                switch (operation.answer()) {
                    case Answer.Done() -> other -> other.request().equals(operation.request());
                    case Answer.NotFound() -> other -> delivers(other, label);
                    default -> _ -> false;
                };
        return all.stream().anyMatch(other -> overlap(operation, other) && conflicts.test(other));
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
