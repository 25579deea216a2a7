package dev.reverie.actors.run;

import dev.reverie.actors.checkpoint.CheckpointException;
import dev.reverie.actors.checkpoint.RunCheckpoint;
import dev.reverie.actors.loop.TimeLimitClock;
import dev.reverie.actors.run.RunPlan.Storage;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Saves the checkpoints of a run: at the start, before each outer iteration, before an inner loop if at least
 * {@link #INTERVAL} has passed since the last attempt, and at the end. Not thread safe.
 */
final class Checkpointer {

    /**
     * Minimum time between two checkpoints within an outer iteration. If a run is killed, a resumed run repeats at most
     * this much work, plus one inner loop.
     */
    static final Duration INTERVAL = Duration.ofSeconds(30);

    private final Optional<Storage> storage;
    private final TimeLimitClock clock;
    private final TelemetryListener telemetry;
    private final Executor blocking;
    private Optional<LoopPosition> saved;
    private boolean savedOnce;
    private Instant lastAttempt;

    /**
     * Creates a checkpointer for one run.
     *
     * @param saved position of the checkpoint that the file already holds
     */
    Checkpointer(
            Optional<Storage> storage,
            Optional<LoopPosition> saved,
            TimeLimitClock clock,
            TelemetryListener telemetry,
            Executor blocking) {
        this.storage = storage;
        this.saved = saved;
        this.savedOnce = saved.isPresent();
        this.clock = clock;
        this.telemetry = telemetry;
        this.blocking = blocking;
        this.lastAttempt = clock.now();
    }

    /** Whether the state at a position must be saved before the run continues. */
    boolean isDue(LoopPosition position) {
        boolean time = Duration.between(lastAttempt, clock.now()).compareTo(INTERVAL) >= 0;
        return isMissing(position) && (position.inner() == 0 || time);
    }

    /** Whether the run has a checkpoint file that does not hold the state at a position. */
    boolean isMissing(LoopPosition position) {
        return storage.isPresent() && !saved.equals(Optional.of(position));
    }

    /** Saves the state that {@code collect} gathers. Call {@link #saved} or {@link #tolerates} afterwards. */
    CompletionStage<Void> save(Function<Storage, CompletionStage<RunCheckpoint>> collect) {
        Storage to = storage.orElseThrow(() -> new IllegalStateException("the run has no checkpoint file"));
        lastAttempt = clock.now();
        return collect.apply(to).thenAcceptAsync(to.file()::write, blocking);
    }

    void saved(LoopPosition position) {
        saved = Optional.of(position);
        savedOnce = true;
        telemetry.on(new TelemetryEvent.CheckpointSaved(
                position.outer(), position.inner(), clock.secondsSince(lastAttempt)));
    }

    /**
     * Whether the run continues although a checkpoint could not be saved. If the first checkpoint cannot be saved, the
     * run ends, since no work is lost yet; a later failure only causes a warning.
     */
    boolean tolerates(Throwable cause) {
        boolean tolerable = savedOnce && cause instanceof CheckpointException;
        if (tolerable) {
            telemetry.on(new TelemetryEvent.Warning(String.valueOf(cause.getMessage())));
        }
        return tolerable;
    }
}
