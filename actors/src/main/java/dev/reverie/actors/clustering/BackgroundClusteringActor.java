package dev.reverie.actors.clustering;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.engine.NetworkId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Keeps the representatives of classes fresh that are matched without an end. Nobody waits for it: a class is matched
 * with those it has until the new ones are there. One class at a time, the one that has waited longest first.
 */
public final class BackgroundClusteringActor extends AbstractMatchingBehavior<BackgroundClusteringActor.Command> {

    public sealed interface Command {}

    /**
     * Tells what is matched now, in place of what was told before.
     *
     * @param network in whose feature space representatives are chosen
     */
    public record Attend(LoopPosition position, NetworkId network, List<Attended> classes) implements Command {
        public Attend {
            classes = List.copyOf(classes);
        }
    }

    /**
     * A class that is matched.
     *
     * @param seen samples it has admitted
     */
    public record Attended(ClassRef member, long seen) {}

    private record Tick() implements Command {}

    private record Ended(Attended attended, Attend under) implements Command {}

    private record Choice(LoopPosition position, Instant at, long seen) {}

    private static final Duration TICK = Duration.ofSeconds(1);

    private final RepresentativeRefresh classRefresh;
    private final RefreshInterval freshness;
    private final InstantSource clock;
    private final Map<Integer, Choice> choices = new HashMap<>();
    private Optional<Attend> latest = Optional.empty();
    private boolean busy;

    private BackgroundClusteringActor(
            ActorContext<Command> context,
            RepresentativeRefresh classRefresh,
            RefreshInterval freshness,
            InstantSource clock) {
        super(context);
        this.classRefresh = classRefresh;
        this.freshness = freshness;
        this.clock = clock;
    }

    public static Behavior<Command> create(
            RepresentativeRefresh classRefresh, RefreshInterval freshness, InstantSource clock) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new Tick(), TICK);
            return new BackgroundClusteringActor(context, classRefresh, freshness, clock);
        }));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Attend attend -> latest = Optional.of(attend);
            case Tick() -> {}
            case Ended ended -> onEnded(ended);
        }
        latest.filter(attend -> !busy).ifPresent(this::refreshNext);
        return this;
    }

    private void refreshNext(Attend attend) {
        attend.classes().stream()
                .filter(attended -> isDue(attended, attend.position()))
                .min((one, other) -> waitingSince(one).compareTo(waitingSince(other)))
                .ifPresent(attended -> refresh(attended, attend));
    }

    private Instant waitingSince(Attended attended) {
        return Optional.ofNullable(choices.get(attended.member().label()))
                .map(Choice::at)
                .orElse(Instant.MIN);
    }

    private void refresh(Attended attended, Attend under) {
        busy = true;
        getContext()
                .pipeToSelf(
                        classRefresh.ofAll(List.of(attended.member()), under.position(), under.network()),
                        (outcomes, failure) -> {
                            if (failure != null) {
                                getContext().getLog().debug("No new representatives", Asks.causeOf(failure));
                            }
                            return new Ended(attended, under);
                        });
    }

    /** Also where it failed, the class has to wait for its next turn, so that it does not keep others from theirs. */
    private void onEnded(Ended ended) {
        busy = false;
        choices.put(
                ended.attended().member().label(),
                new Choice(
                        ended.under().position(),
                        clock.instant(),
                        ended.attended().seen()));
    }

    private boolean isDue(Attended attended, LoopPosition now) {
        Choice last = choices.get(attended.member().label());
        return last == null
                || last.position().outer() != now.outer()
                || now.inner() - last.position().inner() >= freshness.loops()
                || Duration.between(last.at(), clock.instant()).compareTo(freshness.period()) >= 0
                || attended.seen() - last.seen() >= freshness.arrivals() * Math.max(1, last.seen());
    }
}
