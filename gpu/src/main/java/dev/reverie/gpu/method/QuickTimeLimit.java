package dev.reverie.gpu.method;

import java.time.Duration;
import java.util.Optional;

/** Adapts the quick preset to the time limit of a run, so that the run learns until the limit. */
public final class QuickTimeLimit {

    /** Inner loops of an outer iteration that lasts until the limit: more than a run completes within a month. */
    public static final int ENDLESS_LOOPS = 10_000_000;

    /** More than a run completes within a day. */
    private static final int OUTER_ITERATIONS = 100_000;

    /** Time limit per epoch of an expert that guides: on two cores, this leaves more than half of the time. */
    private static final Duration LIMIT_PER_EPOCH = Duration.ofSeconds(50);

    /** Inner loops per expert that guides: on two cores, they take about five times as long as its training. */
    private static final int GUIDED_LOOPS = 1_200;

    /** In a shorter run, another expert would leave less time to learn from it than its training takes. */
    private static final Duration LIMIT_OF_ONE_EXPERT = Duration.ofMinutes(15);

    private QuickTimeLimit() {}

    /**
     * Returns the settings for a run with a time limit. The fewer minutes it has, the shorter its experts' training.
     *
     * @param loopsGiven whether the caller sets the number of outer iterations or of inner loops; then a short run has
     *     more than one expert, too
     */
    public static DistillationSettings apply(DistillationSettings quick, Duration limit, boolean loopsGiven) {
        if (!quick.method().learns()) {
            return quick;
        }
        return quick.guidance()
                .map(guidance ->
                        guided(quick, guidance, limit, !loopsGiven && limit.compareTo(LIMIT_OF_ONE_EXPERT) < 0))
                .orElseGet(() -> quick.withSchedule(quick.schedule().withOuterIterations(OUTER_ITERATIONS)));
    }

    private static DistillationSettings guided(
            DistillationSettings quick, GuidanceSettings guidance, Duration limit, boolean oneExpert) {
        GuidanceSettings shortened =
                guidance.withEpochs(Math.clamp(limit.dividedBy(LIMIT_PER_EPOCH), 1, guidance.epochs()));
        return quick.with()
                .guidance(Optional.of(shortened))
                .schedule(quick.schedule()
                        .withOuterIterations(oneExpert ? 1 : OUTER_ITERATIONS)
                        .withInnerLoops(oneExpert ? ENDLESS_LOOPS : GUIDED_LOOPS)
                        .withWarmUpSamples(shortened.samples()))
                .build();
    }
}
