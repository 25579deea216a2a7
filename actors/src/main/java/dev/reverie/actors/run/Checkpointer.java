package dev.reverie.actors.run;

import dev.reverie.actors.checkpoint.Checkpoint;
import dev.reverie.actors.checkpoint.CheckpointException;
import dev.reverie.actors.loop.RunClock;
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
 * Decides when the state of a run is saved, and saves it: at the start, before each outer iteration, at the first loop
 * half a minute after the last time, and at the end. Not thread safe.
 */
final class Checkpointer {

    /** A kill costs at most this much work, and one inner loop. */
    static final Duration INTERVAL = Duration.ofSeconds(30);

    private final Optional<Storage> storage;
    private final RunClock clock;
    private final TelemetryListener telemetry;
    private final Executor blocking;
    private Optional<LoopPosition> saved;
    private boolean savedOnce;
    private Instant lastTry;

    /**
     * A keeper.
     *
     * @param saved the position that the file holds already
     * @param blocking runs the writing
     */
    Checkpointer(
            Optional<Storage> storage,
            Optional<LoopPosition> saved,
            RunClock clock,
            TelemetryListener telemetry,
            Executor blocking) {
        this.storage = storage;
        this.saved = saved;
        this.savedOnce = saved.isPresent();
        this.clock = clock;
        this.telemetry = telemetry;
        this.blocking = blocking;
        this.lastTry = clock.now();
    }

    /** Whether the state at that position is to be saved before the run goes on. */
    boolean isDue(LoopPosition position) {
        boolean time = Duration.between(lastTry, clock.now()).compareTo(INTERVAL) >= 0;
        return isMissing(position) && (position.inner() == 0 || time);
    }

    /** Whether the state at that position is not in the file, and there is one. */
    boolean isMissing(LoopPosition position) {
        return storage.isPresent() && !saved.equals(Optional.of(position));
    }

    /** The state changed without the run going on: what the file holds is out of date. */
    void outdate() {
        saved = Optional.empty();
    }

    /** Saves the state that {@code collect} gathers; to be followed by {@link #saved} or {@link #mayGoOnWithout}. */
    CompletionStage<Void> save(Function<Storage, CompletionStage<Checkpoint>> collect) {
        Storage to = storage.orElseThrow(() -> new IllegalStateException("there is nowhere to save"));
        lastTry = clock.now();
        return collect.apply(to).thenAcceptAsync(to.file()::write, blocking);
    }

    void saved(LoopPosition position) {
        saved = Optional.of(position);
        savedOnce = true;
        telemetry.on(
                new TelemetryEvent.CheckpointSaved(position.outer(), position.inner(), clock.secondsSince(lastTry)));
    }

    /**
     * Whether the run goes on although its state was not saved. One that can't save from the start isn't worth its
     * time; later, what was computed is worth more.
     */
    boolean mayGoOnWithout(Throwable cause) {
        boolean tolerable = savedOnce && cause instanceof CheckpointException;
        if (tolerable) {
            telemetry.on(new TelemetryEvent.Warning(String.valueOf(cause.getMessage())));
        }
        return tolerable;
    }
}
