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

    /**
     * The training of an expert has as many times the images of the preset as the limit contains this span: on two
     * cores, it then takes a third of the time.
     */
    private static final Duration LIMIT_PER_LENGTH = Duration.ofSeconds(250);

    /** Training on more images makes no better experts: on CIFAR-10, that is twelve epochs of the dataset. */
    private static final int MAX_LENGTH = 3;

    /**
     * Maximum number of inner loops per expert that guides, with a training as long as that of the preset: on two
     * cores, they take about five times as long as the training.
     */
    private static final int GUIDED_LOOPS = 1_200;

    /** Inner loops after which another expert improves the images more than further loops with the same one do. */
    private static final int LOOPS_OF_A_LONG_RUN = 700;

    /**
     * Time limit per inner loop of experts whose architectures take turns: on two cores, ten classes of ten images with
     * a ResNet take half of it.
     */
    private static final Duration LIMIT_PER_TURN = Duration.ofSeconds(2);

    /** In a shorter run on two cores, another expert would leave less time to learn from it than its training takes. */
    private static final Duration LIMIT_OF_ONE_EXPERT = Duration.ofMinutes(45);

    private QuickTimeLimit() {}

    /**
     * Returns the settings for a run with a time limit. The more minutes it has, the longer its experts' training, and
     * then the more experts: better experts and other ones make better images, which more loops with the same expert do
     * not. If the architectures of the experts take turns, there is time for one expert of each.
     *
     * @param loopsGiven whether the caller sets the number of outer iterations or of inner loops; then a short run has
     *     more than one expert, too
     * @param architectures number of architectures that take turns, at least 1
     * @param trainImages number of real images of all classes
     */
    public static DistillationSettings apply(
            DistillationSettings quick, Duration limit, boolean loopsGiven, int architectures, int trainImages) {
        if (!quick.method().learns()) {
            return quick;
        }
        int length = Math.clamp(limit.dividedBy(LIMIT_PER_LENGTH) / architectures, 1, MAX_LENGTH);
        return quick.guidance()
                .map(guidance -> guided(
                        quick,
                        guidance.withEpochs(Math.clamp(
                                        limit.dividedBy(LIMIT_PER_EPOCH) / architectures, 1, guidance.epochs()))
                                .lengthened(length, trainImages),
                        loopsPerExpert(limit, loopsGiven, architectures, length * GUIDED_LOOPS)))
                .orElseGet(() -> quick.withSchedule(quick.schedule().withOuterIterations(OUTER_ITERATIONS)));
    }

    /** Whether a run with this schedule learns until a time limit. */
    public static boolean isOpenEnded(ScheduleSettings schedule) {
        return schedule.innerLoops() == ENDLESS_LOOPS || schedule.outerIterations() == OUTER_ITERATIONS;
    }

    private static int loopsPerExpert(Duration limit, boolean loopsGiven, int architectures, int most) {
        if (loopsGiven) {
            return most;
        }
        if (architectures > 1) {
            return Math.clamp(limit.dividedBy(LIMIT_PER_TURN) / architectures, 1, most);
        }
        return limit.compareTo(LIMIT_OF_ONE_EXPERT) < 0 ? ENDLESS_LOOPS : LOOPS_OF_A_LONG_RUN;
    }

    private static DistillationSettings guided(
            DistillationSettings quick, GuidanceSettings guidance, int loopsPerExpert) {
        return quick.with()
                .guidance(Optional.of(guidance))
                .schedule(quick.schedule()
                        .withOuterIterations(loopsPerExpert == ENDLESS_LOOPS ? 1 : OUTER_ITERATIONS)
                        .withInnerLoops(loopsPerExpert)
                        .withWarmUpSamples(guidance.samples()))
                .build();
    }
}
