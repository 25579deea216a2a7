package dev.reverie.actors.evaluation;

import dev.reverie.gpu.evaluate.EvaluationProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets a learner work for a share of the time, step by step. All but {@link #stop} is for the learner's thread. */
final class DutyCycle implements EvaluationProgress {

    private final InstantSource clock;
    private final double share;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private Duration worked = Duration.ZERO;
    private Instant resumed;

    /**
     * A learner begins.
     *
     * @param share of the time, in (0, 1]
     */
    DutyCycle(InstantSource clock, double share) {
        this.clock = clock;
        this.share = share;
        this.resumed = clock.instant();
    }

    @Override
    public void epoch(int repeat, int epoch, int epochs, double loss) {
        // a step is all that counts
    }

    /**
     * Rests after a step.
     *
     * @throws CancellationException if it was told to stop
     */
    @Override
    public void step() {
        Duration work = Duration.between(resumed, clock.instant());
        worked = worked.plus(work);
        if (isStoppedWithin(rest(work, share))) {
            throw new CancellationException("the learner was told to stop");
        }
        resumed = clock.instant();
    }

    /** How long to rest after some work. */
    static Duration rest(Duration work, double share) {
        return Duration.ofNanos(Math.round(work.toNanos() * (1 / share - 1)));
    }

    private boolean isStoppedWithin(Duration rest) {
        try {
            return stopped.await(rest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Ends a rest at once, and work with the step that it is at; from any thread. */
    void stop() {
        stopped.countDown();
    }

    /** Time at work so far, without its rests. */
    Duration worked() {
        return worked.plus(Duration.between(resumed, clock.instant()));
    }
}
