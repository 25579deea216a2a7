package dev.reverie.actors.lifecycle;

import dev.reverie.actors.store.StoreFailure;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorRef;

/** What a class tells its keeper, and the epoch that it tells with it. Not thread safe. */
final class ClassReporter {

    private final int label;
    private final ActorRef<ClassReport> keeper;
    /** From a random start, so that two lives of the actor have no epoch in common. */
    private long epoch = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE / 2);

    ClassReporter(int label, ActorRef<ClassReport> keeper) {
        this.label = label;
        this.keeper = keeper;
    }

    /** Grows with every recovery. */
    long epoch() {
        return epoch;
    }

    void recovered(ClassState state) {
        epoch++;
        keeper.tell(new ClassReport.Recovered(
                label,
                epoch,
                state.phase(),
                state.seen(),
                state.reservoir().size(),
                state.capacity(),
                state.window().all(),
                state.learned().isPresent()));
    }

    void admitted(ClassState state) {
        keeper.tell(new ClassReport.Admitted(
                label, epoch, state.seen(), state.reservoir().size()));
    }

    void entered(ClassPhase phase) {
        keeper.tell(new ClassReport.PhaseEntered(label, phase));
    }

    void failed(Throwable failure) {
        keeper.tell(new ClassReport.Failed(label, StoreFailure.of(failure), String.valueOf(failure.getMessage())));
    }
}
