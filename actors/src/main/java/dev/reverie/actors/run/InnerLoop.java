package dev.reverie.actors.run;

import dev.reverie.actors.classes.Member;
import dev.reverie.actors.run.RunCommand.VisitMatched;
import dev.reverie.actors.run.RunCommand.VisitSkipped;
import dev.reverie.actors.schedule.Position;
import dev.reverie.actors.schedule.Visit;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.Reply;
import dev.reverie.gpu.method.TrainOutcome;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One inner loop: which visits are still to be made, which are on their way, what came of them. Publishes what happens
 * in it. Not thread safe.
 */
final class InnerLoop {

    private final Position position;
    private final List<Member> members;
    private final RunClock clock;
    private final TelemetryListener telemetry;
    private final Instant begin;
    private final Set<Visit> onTheWay = new HashSet<>();
    private boolean open;
    private int next;
    private int matched;
    private double lossSum;
    private double trainLoss = Double.NaN;
    private double workerSeconds;

    InnerLoop(Position position, List<Member> members, RunClock clock, TelemetryListener telemetry) {
        this.position = position;
        this.members = List.copyOf(members);
        this.clock = clock;
        this.telemetry = telemetry;
        this.begin = clock.now();
    }

    /**
     * The classes have their representatives: from now on there are visits to make.
     *
     * @param seconds that the worker took to choose them
     */
    void open(double seconds) {
        open = true;
        workerSeconds += seconds;
    }

    /** The next visit to make; empty before the loop is open and when all are on their way or made. */
    Optional<Visit> nextVisit() {
        if (!open || next == members.size()) {
            return Optional.empty();
        }
        Visit visit = new Visit(position, members.get(next).label(), next, members.size());
        next++;
        onTheWay.add(visit);
        return Optional.of(visit);
    }

    Member owner(Visit visit) {
        return members.get(visit.turn());
    }

    void matched(VisitMatched report) {
        ended(report.visit());
        matched++;
        lossSum += report.loss();
        workerSeconds += report.seconds();
        telemetry.on(new TelemetryEvent.ClassMatched(
                report.visit().label(), position.outer(), position.inner(), report.loss(), report.seconds()));
    }

    void skipped(VisitSkipped report) {
        ended(report.visit());
        telemetry.on(new TelemetryEvent.ClassSkipped(
                report.visit().label(), position.outer(), position.inner(), report.reason()));
    }

    private void ended(Visit visit) {
        if (!onTheWay.remove(visit)) {
            throw new IllegalStateException("no such visit is on its way: " + visit);
        }
    }

    /** Whether every class had its turn. */
    boolean isComplete() {
        return open && next == members.size() && onTheWay.isEmpty();
    }

    /** The network was trained, or could not be. */
    void trained(Reply.Answer<TrainOutcome> answer) {
        switch (answer) {
            case Reply.Completed<TrainOutcome>(var outcome, var seconds) -> {
                trainLoss = outcome.loss();
                workerSeconds += seconds;
                telemetry.on(
                        new TelemetryEvent.NetworkTrained(position.outer(), position.inner(), outcome.loss(), seconds));
            }
            case Reply.Failed<TrainOutcome>(var reason) ->
                telemetry.on(new TelemetryEvent.Warning(
                        "the network was not trained after inner loop " + position.inner() + ": " + reason));
        }
    }

    /** Sums up: the loop is over. */
    void close() {
        telemetry.on(new TelemetryEvent.InnerLoopCompleted(
                position.outer(),
                position.inner(),
                lossSum / matched,
                trainLoss,
                clock.secondsSince(begin),
                workerSeconds));
    }
}
