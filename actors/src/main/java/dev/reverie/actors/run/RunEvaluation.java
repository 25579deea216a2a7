package dev.reverie.actors.run;

import dev.reverie.actors.Asks;
import dev.reverie.actors.loop.PausableClock;
import dev.reverie.actors.loop.TimeLimitClock;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.DistilledSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Decides when a run evaluates its set, and pauses the clock of the run meanwhile. Belongs to the coordinator. */
final class RunEvaluation {

    private final Optional<SetEvaluation> plan;
    private final PausableClock time;
    private final TimeLimitClock clock;
    private final TelemetryListener telemetry;
    private final Executor blocking;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private Instant last;
    private Optional<LoopPosition> evaluated = Optional.empty();

    /**
     * Plans the evaluations of a run.
     *
     * @param time clock of the run, which stands still during evaluations
     */
    RunEvaluation(
            Optional<SetEvaluation> plan,
            PausableClock time,
            TimeLimitClock clock,
            TelemetryListener telemetry,
            Executor blocking) {
        this.plan = plan;
        this.time = time;
        this.clock = clock;
        this.telemetry = telemetry;
        this.blocking = blocking;
        this.last = time.instant();
    }

    /**
     * Whether the set must be evaluated before the run goes on.
     *
     * @param ends whether the run ends here, other than by an interrupt
     */
    boolean isDue(LoopPosition position, boolean ends) {
        boolean wanted = position.equals(LoopPosition.START)
                || ends
                || plan.filter(each -> Duration.between(last, time.instant()).compareTo(each.interval()) >= 0)
                        .isPresent();
        return plan.isPresent() && !stopped.get() && wanted && !evaluated.equals(Optional.of(position));
    }

    /**
     * Stops the clock and evaluates a set. A failure only causes a warning. {@link #completed} must be called
     * afterwards, because it starts the clock again.
     *
     * @return accuracy on test images, in [0, 1]; empty if the evaluation failed or was stopped
     */
    CompletionStage<OptionalDouble> evaluate(Supplier<CompletionStage<DistilledSet>> set) {
        SetEvaluation.SetEvaluator evaluator = plan.orElseThrow().evaluator();
        time.pause();
        return set.get()
                .thenApplyAsync(distilled -> evaluator.accuracy(distilled, stopped::get), blocking)
                .exceptionally(failure -> {
                    telemetry.on(
                            new TelemetryEvent.Warning("the set could not be evaluated, and the run continues without: "
                                    + Asks.reasonOf(Asks.causeOf(failure))));
                    return OptionalDouble.empty();
                });
    }

    /** Starts the clock again after an evaluation before the loop at a position, and reports the result. */
    void completed(LoopPosition position, OptionalDouble accuracy) {
        double seconds = time.resume();
        last = time.instant();
        evaluated = Optional.of(position);
        double elapsed = clock.secondsSinceStart();
        accuracy.ifPresent(value -> telemetry.on(
                new TelemetryEvent.SetEvaluated(position.outer(), position.inner(), value, elapsed, seconds)));
    }

    /** Ends a running evaluation early, and begins no other. */
    void stop() {
        stopped.set(true);
    }
}
