package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.ImageShape;
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

    /**
     * A row of the published table.
     *
     * @param imageRate learning rate of normalised images
     */
    private record Row(int steps, int span, int starts, double imageRate, double rateStep, double rate, int batch) {}

    /**
     * Returns the published row for a dataset and a number of images per class. A dataset without published rows uses
     * those of CIFAR-10, and a number of images without a row uses the row of the next smaller number.
     */
    private static Row row(String dataset, int ipc) {
        return switch (DatasetFamily.classes(dataset)) {
            case 100 -> ofHundredClasses(ipc);
            case 200 -> ofTwoHundredClasses(ipc);
            default -> ofTenClasses(ipc);
        };
    }

    /** CIFAR-10. */
    private static Row ofTenClasses(int ipc) {
        if (ipc < 10) {
            return new Row(50, 2, 2, 100, 1e-7, 0.01, WHOLE_MEMORY);
        }
        return ipc < 50
                ? new Row(30, 2, 20, 100, 1e-5, 0.001, WHOLE_MEMORY)
                : new Row(30, 2, 40, 1000, 1e-5, 0.001, WHOLE_MEMORY);
    }

    /** CIFAR-100. */
    private static Row ofHundredClasses(int ipc) {
        if (ipc < 10) {
            return new Row(20, 3, 20, 1000, 1e-5, 0.01, WHOLE_MEMORY);
        }
        return ipc < 50
                ? new Row(20, 2, 20, 1000, 1e-5, 0.01, WHOLE_MEMORY)
                : new Row(80, 2, 40, 1000, 1e-5, 0.01, 125);
    }

    /** Tiny ImageNet. */
    private static Row ofTwoHundredClasses(int ipc) {
        if (ipc < 10) {
            return new Row(10, 2, 10, 1e4, 1e-4, 0.01, WHOLE_MEMORY);
        }
        return new Row(20, 2, 40, 1e4, 1e-4, 0.01, ipc < 50 ? 200 : 300);
    }

    /**
     * Returns the settings of MTT's published code: 100 experts of 50 epochs and 5,000 rollouts, through all of whose
     * steps the gradient flows. That code learns normalised images; for images in [0, 1], its image learning rates are
     * multiplied by the square of the standard deviation. The first rollouts follow the first expert, and the last ones
     * follow any of the 100.
     */
    static DistillationSettings paper(String dataset, ImageShape shape, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        Row row = row(dataset, ipc);
        TrajectorySettings trajectory = TrajectorySettingsBuilder.builder()
                .epochs(EPOCHS)
                .epochSamples(DatasetFamily.trainImages(dataset))
                .starts(row.starts())
                .span(row.span())
                .steps(row.steps())
                .batch(row.batch())
                .rate(row.rate())
                .rateStep(row.rateStep())
                .unrolled(true)
                .build();
        double imageRate = row.imageRate() * benchmark.deviation() * benchmark.deviation();
        return Presets.settings(Method.MTT, ipc, factor, seed)
                .network(Presets.plainNetwork(Presets.PUBLISHED_WIDTH, shape, benchmark.singleAugmentation()))
                .matching(Presets.matching(GradientDistance.MSE, imageRate, benchmark.singleAugmentation())
                        .build())
                .representatives(Presets.representatives(1))
                .schedule(Presets.schedule(EXPERTS, LOOPS / EXPERTS, PUBLISHED_BATCH)
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
    static DistillationSettings quick(String dataset, ImageShape shape, int ipc, int factor, long seed) {
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
        String augmentation = DatasetFamily.of(dataset).singleAugmentation();
        return Presets.settings(Method.MTT, ipc, factor, seed)
                .network(Presets.plainNetwork(Presets.QUICK_WIDTH, shape, augmentation))
                .matching(Presets.matching(GradientDistance.MSE, Presets.scaled(QUICK_RATE, shape, ipc), augmentation)
                        .averaging(Presets.QUICK_AVERAGING)
                        .build())
                .representatives(Presets.representatives(1))
                .schedule(Presets.schedule(QUICK_EXPERTS, QUICK_LOOPS, QUICK_BATCH)
                        .warmUpSamples(trajectory.samples())
                        .build())
                .trajectory(Optional.of(trajectory))
                .build();
    }
}
