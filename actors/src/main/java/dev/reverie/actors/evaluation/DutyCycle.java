package dev.reverie.actors.evaluation;

import dev.reverie.gpu.evaluate.EvaluationProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Limits the share of time that a training run uses, by pausing after each step. Only {@link #stop} is thread safe. */
final class DutyCycle implements EvaluationProgress {

    /** A step that seems to take longer is one during which the process was stopped, as by SIGSTOP. */
    private static final Duration LONGEST_STEP = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final double share;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private Duration worked = Duration.ZERO;
    private Instant workStart;

    /**
     * Creates a duty cycle whose work starts now.
     *
     * @param share share of the time that is spent on work, in (0, 1]
     */
    DutyCycle(InstantSource clock, double share) {
        this.clock = clock;
        this.share = share;
        this.workStart = clock.instant();
    }

    @Override
    public void epoch(int repeat, int epoch, int epochs, double loss) {
        // pauses follow steps, not epochs
    }

    /**
     * Pauses after a step.
     *
     * @throws CancellationException if the training was stopped
     */
    @Override
    public void step() {
        Duration work = Duration.between(workStart, clock.instant());
        worked = worked.plus(work);
        if (isStoppedDuring(pause(work, share))) {
            throw new CancellationException("the evaluation was stopped");
        }
        workStart = clock.instant();
    }

    /** The length of the pause after the given work. More than {@link #LONGEST_STEP} counts as so much. */
    static Duration pause(Duration work, double share) {
        return Duration.ofNanos(Math.round(Math.min(work.toNanos(), LONGEST_STEP.toNanos()) * (1 / share - 1)));
    }

    private boolean isStoppedDuring(Duration pause) {
        try {
            return stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Ends the training after the current step, or at once if it is pausing. */
    void stop() {
        stopped.countDown();
    }

    /** Total working time, without pauses. */
    Duration worked() {
        return worked.plus(Duration.between(workStart, clock.instant()));
    }
}
