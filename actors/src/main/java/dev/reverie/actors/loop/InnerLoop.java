package dev.reverie.actors.loop;

import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.TrainOutcome;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One inner loop: which visits are still to be made, which are on their way, what came of them. Publishes what happens
 * in it. Not thread safe.
 */
public final class InnerLoop {

    private final LoopPosition position;
    private final List<VisitCommand.Assigned> visits;
    private final RunClock clock;
    private final TelemetryListener telemetry;
    private final Instant begin;
    private final Set<ClassVisit> onTheWay = new HashSet<>();
    private boolean open;
    private int next;
    private int matched;
    private double lossSum;
    private double trainLoss = Double.NaN;
    private double workerSeconds;

    /**
     * A loop that is not open yet.
     *
     * @param visits to be made, in this order
     */
    public InnerLoop(
            LoopPosition position, List<VisitCommand.Assigned> visits, RunClock clock, TelemetryListener telemetry) {
        this.position = position;
        this.visits = List.copyOf(visits);
        this.clock = clock;
        this.telemetry = telemetry;
        this.begin = clock.now();
    }

    /**
     * The classes have their representatives: from now on there are visits to make.
     *
     * @param seconds that the worker took to choose them
     */
    public void open(double seconds) {
        open = true;
        workerSeconds += seconds;
    }

    /** The next visit to make; empty before the loop is open and when all are on their way or made. */
    public Optional<VisitCommand.Assigned> nextVisit() {
        if (!open || next == visits.size()) {
            return Optional.empty();
        }
        VisitCommand.Assigned visit = visits.get(next);
        next++;
        onTheWay.add(visit.visit());
        return Optional.of(visit);
    }

    public void matched(VisitCommand.VisitMatched report) {
        ended(report.visit());
        matched++;
        lossSum += report.loss();
        workerSeconds += report.seconds();
        telemetry.on(new TelemetryEvent.ClassMatched(
                report.visit().label(),
                position.outer(),
                position.inner(),
                report.loss(),
                report.byBlock(),
                report.change(),
                report.seconds()));
    }

    public void skipped(VisitCommand.VisitSkipped report) {
        ended(report.visit());
        telemetry.on(new TelemetryEvent.ClassSkipped(
                report.visit().label(), position.outer(), position.inner(), report.reason()));
    }

    private void ended(ClassVisit visit) {
        if (!onTheWay.remove(visit)) {
            throw new IllegalStateException("no such visit is on its way: " + visit);
        }
    }

    /** Whether a class step has succeeded. */
    public boolean hasMatched() {
        return matched > 0;
    }

    /** Whether every class had its turn. */
    public boolean isComplete() {
        return open && next == visits.size() && onTheWay.isEmpty();
    }

    /** The network was trained, or could not be. */
    public void trained(WorkerReply.Answer<TrainOutcome> answer) {
        switch (answer) {
            case WorkerReply.Completed<TrainOutcome>(var outcome, var seconds) -> {
                trainLoss = outcome.loss();
                workerSeconds += seconds;
                telemetry.on(
                        new TelemetryEvent.NetworkTrained(position.outer(), position.inner(), outcome.loss(), seconds));
            }
            case WorkerReply.Failed<TrainOutcome>(var reason) ->
                telemetry.on(new TelemetryEvent.Warning(
                        "the network was not trained after inner loop " + position.inner() + ": " + reason));
        }
    }

    /** Sums up: the loop is over. */
    public void close() {
        telemetry.on(new TelemetryEvent.InnerLoopCompleted(
                position.outer(),
                position.inner(),
                lossSum / matched,
                trainLoss,
                clock.secondsSince(begin),
                workerSeconds));
    }
}
