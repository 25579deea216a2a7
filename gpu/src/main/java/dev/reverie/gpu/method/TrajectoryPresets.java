package dev.reverie.gpu.method;

import dev.reverie.gpu.objective.GradientDistance;
import java.util.Optional;

/** Presets of trajectory matching. Experts are trained by plain SGD with the augmentation of DSA. */
final class TrajectoryPresets {

    private static final int PUBLISHED_BATCH = 256;
    private static final int EXPERTS = 100;
    private static final int LOOPS = 5000;
    private static final int EPOCHS = 50;
    private static final int WHOLE_MEMORY = Integer.MAX_VALUE;

    private static final int QUICK_EXPERTS = 6;
    private static final int QUICK_LOOPS = 25;
    private static final int QUICK_EPOCHS = 6;
    private static final int QUICK_EPOCH = 4096;
    private static final int QUICK_BATCH = 64;

    /** Image learning rate for 10 images of 28x28 pixels per class and networks of the quick width. */
    private static final double QUICK_RATE = 5;

    private TrajectoryPresets() {}

    /** A row of the published table, with the learning rate of normalised images. */
    private record Row(int steps, int span, int starts, double imageRate, double rateStep, double rate, int batch) {}

    /**
     * Returns the published row for a dataset and a number of images per class. A dataset without published rows uses
     * those of CIFAR-10, and a number of images without a row uses the row of the next smaller number.
     */
    private static Row row(DatasetFamily family, int ipc) {
        boolean few = ipc < 10;
        boolean many = ipc >= 50;
        return switch (family) {
            case CIFAR_100 ->
                many
                        ? new Row(80, 2, 40, 1000, 1e-5, 0.01, 125)
                        : new Row(20, few ? 3 : 2, 20, 1000, 1e-5, 0.01, WHOLE_MEMORY);
            case TINY_IMAGENET ->
                few
                        ? new Row(10, 2, 10, 1e4, 1e-4, 0.01, WHOLE_MEMORY)
                        : new Row(20, 2, 40, 1e4, 1e-4, 0.01, many ? 300 : 200);
            default ->
                few
                        ? new Row(50, 2, 2, 100, 1e-7, 0.01, WHOLE_MEMORY)
                        : new Row(30, 2, many ? 40 : 20, many ? 1000 : 100, 1e-5, 0.001, WHOLE_MEMORY);
        };
    }

    /**
     * Returns the settings of MTT's published code: 100 experts of 50 epochs and 5,000 rollouts, through all of whose
     * steps the gradient flows. That code learns normalised images; for images in [0, 1], its image learning rates are
     * multiplied by the square of the standard deviation. The first rollouts follow the first expert, and the last ones
     * follow any of the 100.
     */
    static DistillationSettings paper(PresetTarget target) {
        DatasetFamily family = target.family();
        Row row = row(family, target.ipc());
        TrajectorySettings trajectory = TrajectorySettingsBuilder.builder()
                .epochs(EPOCHS)
                .epochSamples(family.trainImages())
                .starts(row.starts())
                .span(row.span())
                .steps(row.steps())
                .batch(row.batch())
                .rate(row.rate())
                .rateStep(row.rateStep())
                .unrolled(true)
                .build();
        // unlike DC, DSA and DM, MTT normalises CIFAR-100 with the deviation of CIFAR-10
        double deviation = (family == DatasetFamily.CIFAR_100 ? DatasetFamily.CIFAR_10 : family).deviation();
        double imageRate = row.imageRate() * deviation * deviation;
        return target.settings()
                .network(target.plainNetwork(PresetTarget.PUBLISHED_WIDTH, family.singleAugmentation()))
                .matching(target.matching(GradientDistance.MSE, imageRate, family.singleAugmentation())
                        .build())
                .representatives(target.representatives(1))
                .schedule(target.schedule(EXPERTS, LOOPS / EXPERTS, PUBLISHED_BATCH)
                        .jointStep(true)
                        .warmUpSamples(trajectory.samples())
                        .build())
                .trajectory(Optional.of(trajectory))
                .build();
    }

    /**
     * Returns settings for a run of a few minutes on two cores: few experts with short epochs, and a student with few
     * steps.
     */
    static DistillationSettings quick(PresetTarget target) {
        TrajectorySettings trajectory = TrajectorySettingsBuilder.builder()
                .epochs(QUICK_EPOCHS)
                .epochSamples(QUICK_EPOCH)
                .starts(5)
                .span(2)
                .steps(10)
                .batch(WHOLE_MEMORY)
                .rate(0.02)
                .rateStep(1e-4)
                .build();
        String augmentation = target.family().singleAugmentation();
        return target.settings()
                .network(target.plainNetwork(PresetTarget.QUICK_WIDTH, augmentation))
                .matching(target.quickMatching(GradientDistance.MSE, QUICK_RATE, augmentation)
                        .maxDecoded(MatchingSettings.MAX_DECODED)
                        .build())
                .representatives(target.representatives(1))
                .schedule(target.schedule(QUICK_EXPERTS, QUICK_LOOPS, QUICK_BATCH)
                        .warmUpSamples(trajectory.samples())
                        .build())
                .trajectory(Optional.of(trajectory))
                .build();
    }
}
