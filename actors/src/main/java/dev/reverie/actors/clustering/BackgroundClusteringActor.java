package dev.reverie.actors.clustering;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Refreshes the representatives of a service's classes in the background, one class at a time. The class whose last
 * refresh was longest ago comes first. A class is matched with its old representatives until the new ones are chosen.
 */
public final class BackgroundClusteringActor extends AbstractMatchingBehavior<BackgroundClusteringActor.Command> {

    public sealed interface Command {}

    /**
     * Sets the classes that are matched now.
     *
     * @param network the network whose features are used to choose the representatives
     */
    public record SetMatchedClasses(LoopPosition position, NetworkId network, List<MatchedClass> classes)
            implements Command {
        public SetMatchedClasses {
            classes = List.copyOf(classes);
        }
    }

    /**
     * A class that is matched.
     *
     * @param seen number of samples that the class has admitted
     */
    public record MatchedClass(ClassClient ref, long seen) {}

    /** A class has its first representatives; so far, it was matched with random batches. */
    public record FirstRepresentatives(int classIndex) {}

    private record Tick() implements Command {}

    private record RefreshEnded(
            MatchedClass target,
            SetMatchedClasses matched,
            Instant begin,
            Optional<RepresentativeRefresh.Outcome> outcome)
            implements Command {}

    private record LastRefresh(LoopPosition position, Instant time, long seen) {}

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final double NANOS_PER_SECOND = 1e9;

    private final RepresentativeRefresh refresher;
    private final RefreshInterval interval;
    private final InstantSource clock;
    private final ActorRef<FirstRepresentatives> coordinator;
    private final Map<ClassClient, LastRefresh> lastRefreshes = new HashMap<>();
    /**
     * Indices of the classes that have confirmed representatives. An index stays when the pending asks of its class
     * end, so that a class that was only silent is not announced again when it comes back.
     */
    private final Set<Integer> represented = new HashSet<>();

    private Optional<SetMatchedClasses> latest = Optional.empty();
    private Instant pauseBegin = Instant.EPOCH;
    private Duration pause = Duration.ZERO;
    private boolean busy;

    private BackgroundClusteringActor(
            ActorContext<Command> context,
            RepresentativeRefresh refresher,
            RefreshInterval interval,
            InstantSource clock,
            ActorRef<FirstRepresentatives> coordinator) {
        super(context);
        this.refresher = refresher;
        this.interval = interval;
        this.clock = clock;
        this.coordinator = coordinator;
    }

    /**
     * Creates the behavior.
     *
     * @param coordinator gets a message for each class that has its first representatives
     */
    public static Behavior<Command> create(
            RepresentativeRefresh refresher,
            RefreshInterval interval,
            InstantSource clock,
            ActorRef<FirstRepresentatives> coordinator) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new Tick(), TICK);
            return new BackgroundClusteringActor(context, refresher, interval, clock, coordinator);
        }));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case SetMatchedClasses matched -> onMatchedClasses(matched);
            case Tick() -> {}
            case RefreshEnded ended -> onRefreshEnded(ended);
        }
        latest.filter(matched -> !busy && hasPassed(pause, pauseBegin)).ifPresent(this::refreshNext);
        return this;
    }

    private void onMatchedClasses(SetMatchedClasses matched) {
        latest = Optional.of(matched);
        lastRefreshes.keySet().removeIf(each -> each.pendingAsks().hasEnded());
    }

    private void refreshNext(SetMatchedClasses matched) {
        matched.classes().stream()
                .filter(candidate -> !candidate.ref().pendingAsks().hasEnded())
                .filter(candidate -> isDue(candidate, matched.position()))
                .min(Comparator.comparing(this::lastRefreshTime))
                .ifPresent(target -> refresh(target, matched));
    }

    private Instant lastRefreshTime(MatchedClass candidate) {
        return Optional.ofNullable(lastRefreshes.get(candidate.ref()))
                .map(LastRefresh::time)
                .orElse(Instant.MIN);
    }

    private void refresh(MatchedClass target, SetMatchedClasses matched) {
        busy = true;
        Instant begin = clock.instant();
        Asks.<Command, RepresentativeRefresh.Outcome>pipeToSelf(
                getContext(),
                refresher.refresh(target.ref(), matched.position(), matched.network()),
                outcome -> new RefreshEnded(target, matched, begin, Optional.of(outcome)),
                cause -> {
                    getContext().getLog().debug("The representatives could not be refreshed", cause);
                    return new RefreshEnded(target, matched, begin, Optional.empty());
                });
    }

    /** Records a failed refresh as well, so that the class does not delay the others, unless the class is forgotten. */
    private void onRefreshEnded(RefreshEnded ended) {
        busy = false;
        pauseBegin = clock.instant();
        pause = interval.pauseAfter(workerTime(ended));
        ClassClient target = ended.target().ref();
        if (target.pendingAsks().hasEnded()) {
            return;
        }
        ended.outcome().filter(RepresentativeRefresh.Outcome::chosen).ifPresent(this::noteConfirmed);
        lastRefreshes.put(
                target,
                new LastRefresh(
                        ended.matched().position(),
                        clock.instant(),
                        ended.target().seen()));
    }

    /** Announces a class that has its first representatives, or had them already but did not confirm them in time. */
    private void noteConfirmed(RepresentativeRefresh.Outcome outcome) {
        boolean isFirstConfirmation = represented.add(outcome.classIndex());
        if (isFirstConfirmation || outcome.first()) {
            coordinator.tell(new FirstRepresentatives(outcome.classIndex()));
        }
    }

    /**
     * The time that a refresh has taken. A failed one counts from its beginning to its end, because nobody tells how
     * long the worker tried; otherwise, failures could take more than the share.
     */
    private Duration workerTime(RefreshEnded ended) {
        return ended.outcome()
                .filter(RepresentativeRefresh.Outcome::chosen)
                .map(outcome -> Duration.ofNanos(Math.round(outcome.workerSeconds() * NANOS_PER_SECOND)))
                .orElseGet(() -> Duration.between(ended.begin(), clock.instant()));
    }

    private boolean isDue(MatchedClass candidate, LoopPosition now) {
        LastRefresh previous = lastRefreshes.get(candidate.ref());
        return previous == null
                || interval.loops()
                        .filter(loops -> now.outer() != previous.position().outer()
                                || now.inner() - previous.position().inner() >= loops)
                        .isPresent()
                || hasPassed(interval.period(), previous.time())
                || candidate.seen() - previous.seen() >= interval.arrivals() * Math.max(1, previous.seen());
    }

    private boolean hasPassed(Duration time, Instant since) {
        return Duration.between(since, clock.instant()).compareTo(time) >= 0;
    }
}
