package dev.reverie.actors.clustering;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Before each inner loop of a run, refreshes the representatives of the classes that are due for a refresh. If the
 * refresh of a class fails, the class keeps its old representatives and is due again before the next loop.
 */
public final class ClusteringActor extends AbstractMatchingBehavior<ClusteringActor.Command> {

    public sealed interface Command {}

    /**
     * Refreshes the representatives that are due before a loop.
     *
     * @param network the network whose features are used to choose the representatives
     */
    public record Refresh(LoopPosition position, NetworkId network, List<ClassRef> classes, ActorRef<Reply> replyTo)
            implements Command {
        public Refresh {
            classes = List.copyOf(classes);
        }
    }

    public sealed interface Reply {}

    /**
     * The refresh has ended, and every class has representatives.
     *
     * @param workerSeconds time spent inside the worker, in seconds
     */
    public record Refreshed(double workerSeconds) implements Reply {}

    /** The representatives cannot be refreshed, and another attempt would fail as well. */
    public record RefreshFailed(Throwable cause) implements Reply {}

    private record RefreshCompleted(
            LoopPosition position, List<RepresentativeRefresh.Outcome> outcomes, ActorRef<Reply> replyTo)
            implements Command {}

    private record RefreshBroken(Throwable cause, ActorRef<Reply> replyTo) implements Command {}

    private final RepresentativeRefresh refresher;
    private final int interval;
    private final Map<Integer, LoopPosition> refreshedAt;

    private ClusteringActor(
            ActorContext<Command> context,
            RepresentativeRefresh refresher,
            int interval,
            Map<Integer, LoopPosition> refreshedAt) {
        super(context);
        this.refresher = refresher;
        this.interval = interval;
        this.refreshedAt = new HashMap<>(refreshedAt);
    }

    /**
     * Creates an actor that continues from an earlier state.
     *
     * @param interval number of inner loops from one refresh of a class to the next
     * @param refreshedAt the loop before which each class was last refreshed, by class index
     */
    public static Behavior<Command> create(
            RepresentativeRefresh refresher, int interval, Map<Integer, LoopPosition> refreshedAt) {
        return Behaviors.setup(context -> new ClusteringActor(context, refresher, interval, refreshedAt));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Refresh refresh -> onRefresh(refresh);
            case RefreshCompleted completed -> onRefreshCompleted(completed);
            case RefreshBroken(var cause, var replyTo) -> replyTo.tell(new RefreshFailed(cause));
        }
        return this;
    }

    private void onRefresh(Refresh refresh) {
        List<ClassRef> due = refresh.classes().stream()
                .filter(one -> isDue(one, refresh.position()))
                .toList();
        Asks.<Command, List<RepresentativeRefresh.Outcome>>pipeToSelf(
                getContext(),
                refresher.refreshAll(due, refresh.position(), refresh.network()),
                outcomes -> new RefreshCompleted(refresh.position(), outcomes, refresh.replyTo()),
                cause -> new RefreshBroken(cause, refresh.replyTo()));
    }

    private void onRefreshCompleted(RefreshCompleted completed) {
        double seconds = 0;
        for (RepresentativeRefresh.Outcome outcome : completed.outcomes()) {
            seconds += outcome.workerSeconds();
            if (outcome.chosen()) {
                refreshedAt.put(outcome.label(), completed.position());
            }
        }
        completed.replyTo().tell(new Refreshed(seconds));
    }

    /** A new network has new features, so every class is due before the first loop of an outer iteration. */
    private boolean isDue(ClassRef one, LoopPosition now) {
        return Optional.ofNullable(refreshedAt.get(one.label()))
                .filter(last -> last.outer() == now.outer())
                .map(last -> now.inner() - last.inner() >= interval)
                .orElse(true);
    }
}
