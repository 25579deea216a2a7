package dev.reverie.actors.loop;

import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The state of one inner loop: the visits to make, the visits in progress and their results. The results are published
 * as telemetry events. Not thread safe.
 */
final class InnerLoop {

    private final LoopPosition position;
    private final List<LoopCommand.Assigned> visits;
    private final TimeLimitClock clock;
    private final TelemetryListener telemetry;
    private final Instant begin;
    private final Set<ClassVisit> inProgress = new HashSet<>();
    private boolean open;
    private int next;
    private int matched;
    private double lossSum;
    private double trainLoss = Double.NaN;
    private double workerSeconds;

    /**
     * Creates a loop that is not open yet.
     *
     * @param visits the visits to make, in this order
     */
    InnerLoop(
            LoopPosition position,
            List<LoopCommand.Assigned> visits,
            TimeLimitClock clock,
            TelemetryListener telemetry) {
        this.position = position;
        this.visits = List.copyOf(visits);
        this.clock = clock;
        this.telemetry = telemetry;
        this.begin = clock.now();
    }

    /**
     * Makes the visits available.
     *
     * @param seconds time that the worker has spent on the loop so far, in seconds
     */
    void open(double seconds) {
        open = true;
        workerSeconds += seconds;
    }

    /** The next visit; empty before the loop is open and after every visit has begun. */
    Optional<LoopCommand.Assigned> nextVisit() {
        if (!open || next == visits.size()) {
            return Optional.empty();
        }
        LoopCommand.Assigned visit = visits.get(next);
        next++;
        inProgress.add(visit.visit());
        return Optional.of(visit);
    }

    void matched(LoopCommand.VisitMatched report) {
        ended(report.visit());
        matched++;
        lossSum += report.loss();
        workerSeconds += report.seconds();
        telemetry.on(new TelemetryEvent.ClassMatched(
                report.visit().classIndex(),
                position.outer(),
                position.inner(),
                report.loss(),
                report.blockLosses(),
                report.change(),
                report.seconds()));
    }

    void skipped(LoopCommand.VisitSkipped report) {
        ended(report.visit());
        telemetry.on(new TelemetryEvent.ClassSkipped(
                report.visit().classIndex(), position.outer(), position.inner(), report.reason()));
    }

    private void ended(ClassVisit visit) {
        if (!inProgress.remove(visit)) {
            throw new IllegalStateException("this visit is not in progress: " + visit);
        }
    }

    /** Whether at least one class step succeeded. */
    boolean hasMatched() {
        return matched > 0;
    }

    /** Whether every visit has been reported. */
    boolean isComplete() {
        return open && next == visits.size() && inProgress.isEmpty();
    }

    /** Records the training of the network after the visits. */
    void trained(WorkerReply.Result<TrainMatchingNetworkOutcome> result) {
        switch (result) {
            case WorkerReply.Completed<TrainMatchingNetworkOutcome>(var outcome, var seconds) -> {
                trainLoss = outcome.loss();
                workerSeconds += seconds;
                telemetry.on(
                        new TelemetryEvent.NetworkTrained(position.outer(), position.inner(), outcome.loss(), seconds));
            }
            case WorkerReply.Failed<TrainMatchingNetworkOutcome>(var reason) ->
                telemetry.on(new TelemetryEvent.Warning(
                        "training the network after inner loop " + position.inner() + " failed (" + reason
                                + "); learning continues, so nothing needs to be done unless this recurs"));
        }
    }

    /** Publishes the summary of the loop. */
    void close() {
        telemetry.on(new TelemetryEvent.InnerLoopCompleted(
                position.outer(),
                position.inner(),
                lossSum / matched,
                trainLoss,
                clock.secondsSince(begin),
                workerSeconds,
                clock.secondsSinceStart()));
    }
}
