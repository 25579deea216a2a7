package dev.reverie.actors.run;

import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.QuickTimeLimit;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.gpu.tensor.Kernels;
import java.util.Locale;
import java.util.Optional;

/**
 * Plans a run with a time limit by the time that its loops take. If the limit would leave too few loops, a run that
 * learns until its limit halves its random real batches, down to one micro-batch, until it has made these loops. If
 * that does not suffice, or the batches must stay as they are, the plan warns once.
 */
final class TimeLimitPlan {

    /** With fewer loops, the images stay close to the initial ones. */
    private static final int FEW_LOOPS = 100;

    private final DistillationSettings settings;
    private final int whole;
    private final int smallest;
    private int mostReal;
    private boolean first = true;
    private boolean warned;

    TimeLimitPlan(DistillationSettings settings) {
        this.settings = settings;
        boolean adapts = QuickTimeLimit.isOpenEnded(settings.schedule())
                && settings.composition().representatives().equals(Optional.of(SelectionRule.RANDOM));
        this.whole = adapts ? settings.representatives().count() : Integer.MAX_VALUE;
        this.smallest = adapts ? Math.min(whole, Kernels.MICRO_BATCH) : whole;
        this.mostReal = whole;
    }

    /** Maximum number of real images in the class steps of the next loop. */
    int mostReal() {
        return mostReal;
    }

    /**
     * Adapts the plan to a loop.
     *
     * @param next position after the loop
     * @param seconds time that the steps of the loop took
     * @param left time until the limit, in seconds; negative after it
     * @return a warning, if the loops are too slow and the batches cannot become smaller
     */
    Optional<String> afterLoop(LoopPosition next, double seconds, double left) {
        boolean untypical = first; // the first loop also reads images and compiles code
        first = false;
        int loopsPerOuter = settings.schedule().innerLoops();
        long done = (long) next.outer() * loopsPerOuter + next.inner();
        long planned = (long) settings.schedule().outerIterations() * loopsPerOuter;
        long possible = done + (long) (Math.max(0, left) / seconds);
        if (done >= FEW_LOOPS) {
            mostReal = whole;
        } else if (!untypical && possible < Math.min(FEW_LOOPS, planned)) {
            return shrink(possible, seconds);
        }
        return Optional.empty();
    }

    private Optional<String> shrink(long possible, double seconds) {
        if (mostReal > smallest) {
            mostReal = Math.max(smallest, mostReal / 2);
            return Optional.empty();
        }
        boolean again = warned;
        warned = true;
        return again ? Optional.empty() : Optional.of(warning(possible, seconds));
    }

    private static String warning(long possible, double seconds) {
        return String.format(
                Locale.ROOT,
                "the time limit ends the run after about %d inner loops of %.1f s, which leave the images close to the"
                        + " initial ones: allow %d minutes, or choose smaller images (--resize), fewer of them (--ipc)"
                        + " or a narrower network (--width)",
                possible,
                seconds,
                (long) Math.ceil(FEW_LOOPS * seconds / 60));
    }
}
