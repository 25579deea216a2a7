package dev.reverie.actors.run;

import dev.reverie.actors.loop.TimeLimitClock;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.gpu.method.DistillationSettings;
import java.util.Optional;

/** Decides when a run ends: at the end of its schedule, at its time limit, or when it is stopped. Not thread safe. */
final class RunEnding {

    private final DistillationSettings settings;
    private final TimeLimitClock clock;
    private boolean stopping;

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
}
