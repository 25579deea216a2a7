package dev.reverie.deploy.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A clock that advances only in pauses, and a cancellation that a test triggers. */
public final class ManualCancellation implements Cancellation, InstantSource {

    private final List<Duration> pauses = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private Runnable meanwhile = () -> {};

    /** Runs an action in every later pause. */
    public void meanwhile(Runnable action) {
        meanwhile = action;
    }

    public void end() {
        over.complete(null);
    }

    /** Returns the pauses of positive length. */
    public List<Duration> pauses() {
        return List.copyOf(pauses);
    }

    @Override
    public boolean isRequested() {
        return over.isDone();
    }

    @Override
    public CompletionStage<Void> requested() {
        return over.copy();
    }

    @Override
    public void pause(Duration duration) {
        if (duration.isPositive()) {
            pauses.add(duration);
            now = now.plus(duration);
            meanwhile.run();
        }
        if (over.isDone()) {
            throw new StoppedException();
        }
    }

    @Override
    public Instant instant() {
        return now;
    }
}
