package dev.reverie.actors.clustering;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.engine.NetworkId;
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
 * Keeps the representatives of all classes fresh: knows when each class got its last ones, decides which classes are
 * due before an inner loop, and has theirs chosen. A class whose choice failed keeps what it has and is due again at
 * the next loop.
 */
public final class ClusteringActor extends AbstractMatchingBehavior<ClusteringActor.Command> {

    public sealed interface Command {}

    /**
     * Refreshes the classes that are due before a loop.
     *
     * @param network in whose feature space they are chosen
     */
    public record Refresh(LoopPosition position, NetworkId network, List<ClassRef> members, ActorRef<Reply> replyTo)
            implements Command {
        public Refresh {
            members = List.copyOf(members);
        }
    }

    public sealed interface Reply {}

    /**
     * Every class has representatives.
     *
     * @param workerSeconds spent inside the worker
     */
    public record Refreshed(double workerSeconds) implements Reply {}

    /** It can't be done, now or later. */
    public record RefreshFailed(Throwable cause) implements Reply {}

    private record Ended(LoopPosition position, List<RepresentativeRefresh.Outcome> outcomes, ActorRef<Reply> replyTo)
            implements Command {}

    private record Broken(Throwable cause, ActorRef<Reply> replyTo) implements Command {}

    private final RepresentativeRefresh classRefresh;
    private final int interval;
    private final Map<Integer, LoopPosition> refreshedAt;

    private ClusteringActor(
            ActorContext<Command> context,
            RepresentativeRefresh classRefresh,
            int interval,
            Map<Integer, LoopPosition> refreshedAt) {
        super(context);
        this.classRefresh = classRefresh;
        this.interval = interval;
        this.refreshedAt = new HashMap<>(refreshedAt);
    }

    /**
     * An actor that goes on from an earlier state.
     *
     * @param interval inner loops from one refresh of a class to the next
     * @param refreshedAt by class index, the loop before which its last refresh was
     */
    public static Behavior<Command> create(
            RepresentativeRefresh classRefresh, int interval, Map<Integer, LoopPosition> refreshedAt) {
        return Behaviors.setup(context -> new ClusteringActor(context, classRefresh, interval, refreshedAt));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Refresh refresh -> onRefresh(refresh);
            case Ended ended -> onEnded(ended);
            case Broken(var cause, var replyTo) -> replyTo.tell(new RefreshFailed(cause));
        }
        return this;
    }

    private void onRefresh(Refresh refresh) {
        List<ClassRef> due = refresh.members().stream()
                .filter(member -> isDue(member, refresh.position()))
                .toList();
        getContext()
                .pipeToSelf(
                        classRefresh.ofAll(due, refresh.position(), refresh.network()),
                        (outcomes, failure) -> failure == null
                                ? new Ended(refresh.position(), outcomes, refresh.replyTo())
                                : new Broken(Asks.causeOf(failure), refresh.replyTo()));
    }

    private void onEnded(Ended ended) {
        double seconds = 0;
        for (RepresentativeRefresh.Outcome outcome : ended.outcomes()) {
            seconds += outcome.workerSeconds();
            if (outcome.chosen()) {
                refreshedAt.put(outcome.label(), ended.position());
            }
        }
        ended.replyTo().tell(new Refreshed(seconds));
    }

    /** A new network has a new feature space, so each class is due at the first loop of an outer iteration. */
    private boolean isDue(ClassRef member, LoopPosition now) {
        return Optional.ofNullable(refreshedAt.get(member.label()))
                .filter(last -> last.outer() == now.outer())
                .map(last -> now.inner() - last.inner() >= interval)
                .orElse(true);
    }
}
