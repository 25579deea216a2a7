package dev.reverie.actors.run;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.loop.TimeLimitClock;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.method.DistillationSettings;
import java.util.Optional;

/**
 * Decides when a run ends: at the end of its schedule, at its time limit, when it is stopped, or when its class steps
 * only fail, so that it would go on without a result. Not thread safe.
 */
final class RunEnding {

    /** Number of consecutive inner loops without a successful class step after which the run fails. */
    private static final int MAX_LOOPS = 10;

    private final DistillationSettings settings;
    private final TimeLimitClock clock;
    private boolean stopping;
    private int loopsWithoutStep;

    RunEnding(DistillationSettings settings, TimeLimitClock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** Ends the run before its next loop. */
    void stop() {
        stopping = true;
    }

    /** Whether the run must end as soon as possible, wherever it is in its schedule. */
    boolean isUrgent() {
        return stopping || clock.limitHasPassed();
    }

    /** Returns why the run ends before the loop at a position, if it does. */
    Optional<Ending> before(LoopPosition position) {
        if (stopping) {
            return Optional.of(Ending.INTERRUPTED);
        }
        if (!settings.method().learns()
                || position.outer() >= settings.schedule().outerIterations()) {
            return Optional.of(Ending.COMPLETED);
        }
        return clock.limitHasPassed() ? Optional.of(Ending.TIME_LIMIT) : Optional.empty();
    }

    /**
     * Notes the end of an inner loop.
     *
     * @param stepped whether at least one class step succeeded
     * @return why the run fails; empty if it goes on
     */
    Optional<DistillationException> afterLoop(boolean stepped) {
        loopsWithoutStep = stepped ? 0 : loopsWithoutStep + 1;
        return loopsWithoutStep < MAX_LOOPS
                ? Optional.empty()
                : Optional.of(new DistillationException("no class step has succeeded in " + loopsWithoutStep
                        + " inner loops; the warnings give the reason: if memory ran out, use a smaller --width or"
                        + " --ipc, and if the loss was not finite, a smaller --learning-rate"));
    }
}
