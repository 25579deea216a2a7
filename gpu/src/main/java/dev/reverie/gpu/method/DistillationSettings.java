package dev.reverie.gpu.method;

import dev.reverie.gpu.objective.GradientDistance;
import io.soabase.recordbuilder.core.RecordBuilder.Initializer;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of a distillation, which, together with the data, determine its outcome.
 *
 * @param composition parts of the method; these are the published parts unless the caller replaces some of them
 * @param ipc stored images per class, at least 1
 * @param factor multi-formation factor, at least 1: each stored image decodes to factor * factor images
 * @param style weights of the style terms in the matching loss; only for objectives that match no gradients
 * @param seed seed for all random choices
 * @param trajectory settings of trajectory matching; present if and only if a student follows expert trajectories
 * @param guidance settings of trajectory guidance; present if and only if the method matches features of experts
 */
@GenerateSettingsBuilder
public record DistillationSettings(
        Method method,
        MethodDefinition composition,
        int ipc,
        int factor,
        Network network,
        Matching matching,

        @Initializer(value = "STYLE", source = SettingsDefaults.class)
        StyleWeights style,

        Representatives representatives,
        Schedule schedule,
        long seed,
        Optional<Trajectory> trajectory,
        Optional<Guidance> guidance)
        implements DistillationSettingsBuilder.With {

    public DistillationSettings {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(composition, "composition");
        Objects.requireNonNull(network, "network");
        Objects.requireNonNull(matching, "matching");
        Objects.requireNonNull(style, "style");
        Objects.requireNonNull(representatives, "representatives");
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(trajectory, "trajectory");
        Objects.requireNonNull(guidance, "guidance");
        atLeast(1, ipc, "ipc");
        atLeast(1, factor, "factor");
        if (trajectory.isPresent() != method.trainsStudent()) {
            throw new IllegalArgumentException(
                    "trajectory settings are required for the method mtt and not allowed for any other");
        }
        if (style.present() && !(composition.learns() && composition.objective().firstOrder())) {
            throw new IllegalArgumentException("style terms are added to a distance of features: choose an objective"
                    + " without gradients, or set both weights to 0");
        }
        if (guidance.isPresent() != method.isGuidedByExperts()) {
            throw new IllegalArgumentException(
                    "guidance settings are required for the method tgdd and not allowed for any other");
        }
    }

    /** The training of the experts; empty if the method has none. */
    public Optional<ExpertTraining> experts() {
        return trajectory.map(Trajectory::training).or(() -> guidance.map(Guidance::training));
    }

    /**
     * Returns these settings with expert epochs of at most the given number of images.
     *
     * @param images number of real images of all classes
     */
    public DistillationSettings withExpertEpochsAtMost(int images) {
        return experts()
                .map(training -> withExpertEpochsOf(Math.min(training.epochSamples(), images)))
                .orElse(this);
    }

    /** Returns these settings with expert epochs of the given number of images, for a method with experts. */
    DistillationSettings withExpertEpochsOf(int images) {
        DistillationSettings changed = with().trajectory(trajectory.map(all -> all.withEpochSamples(images)))
                .guidance(guidance.map(all -> all.withEpochSamples(images)))
                .build();
        return changed.withSchedule(
                schedule.withWarmUpSamples(changed.experts().orElseThrow().samples()));
    }

    /** Returns a builder that contains a method and its published composition. */
    public static DistillationSettingsBuilder of(Method method) {
        return DistillationSettingsBuilder.builder().method(method).composition(method.composition());
    }

    /**
     * The matching network, a ConvNet, and its training between two inner loops.
     *
     * @param width channels per block
     * @param depth number of blocks
     * @param learningRate learning rate of SGD
     * @param momentum momentum of SGD, in [0, 1)
     * @param weightDecay weight decay of SGD, at least 0
     * @param augmentation strategy for the training images, for example {@code color_crop}
     * @param mixProbability probability that cutmix is applied to a training batch, in [0, 1]
     * @param pool number of networks in the pool, which are those of the last outer iterations; each class step draws
     *     one of them, and only the newest is trained. With 1, every outer iteration replaces the network, as in IDC
     *     and DREAM
     * @param variation variation that a class step applies to the weights of the network that it draws
     */
    @GenerateSettingsBuilder
    public record Network(
            int width,
            int depth,
            double learningRate,
            double momentum,
            double weightDecay,
            String augmentation,
            double mixProbability,

            @Initializer(value = "POOL", source = SettingsDefaults.class)
            int pool,

            @Initializer(value = "VARIATION", source = SettingsDefaults.class)
            NetworkVariation variation)
            implements NetworkBuilder.With {

        public Network {
            Objects.requireNonNull(augmentation, "augmentation");
            Objects.requireNonNull(variation, "variation");
            atLeast(1, width, "width");
            atLeast(1, depth, "depth");
            atLeast(1, pool, "pool");
            if (!(learningRate > 0)) {
                throw new IllegalArgumentException("the network learning rate must be positive, got " + learningRate);
            }
            requireMomentum(momentum);
            if (!(weightDecay >= 0)) {
                throw new IllegalArgumentException("the weight decay must be at least 0, got " + weightDecay);
            }
            if (!(mixProbability >= 0 && mixProbability <= 1)) {
                throw new IllegalArgumentException(
                        "the cutmix probability must lie between 0 and 1, got " + mixProbability);
            }
        }
    }

    /**
     * The class step: the matching update of the synthetic images of one class.
     *
     * @param learningRate learning rate of the synthetic images, already scaled to ipc and image size
     * @param momentum momentum of the synthetic images, in [0, 1)
     * @param augmentation strategy of the siamese augmentation, for example {@code color_crop_cutout}
     * @param maxDecoded maximum number of decoded images per step; if there are more, a random subset is used
     * @param averaging weight of the previous value in the running average of the images, in [0, 1). The average is the
     *     published result; 0 publishes the images unchanged
     * @param calibration weight of the cross-entropy of the synthetic images, which is added to the matching distance
     *     (DANCE, TGDD), at least 0
     * @param decoding mode that determines which decoded images a step uses
     */
    @GenerateSettingsBuilder
    public record Matching(
            GradientDistance distance,
            double learningRate,
            double momentum,
            String augmentation,

            @Initializer(value = "MAX_DECODED", source = SettingsDefaults.class)
            int maxDecoded,

            double averaging,
            double calibration,

            @Initializer(value = "DECODING", source = SettingsDefaults.class)
            DecodingMode decoding)
            implements MatchingBuilder.With {

        public Matching {
            Objects.requireNonNull(distance, "distance");
            Objects.requireNonNull(augmentation, "augmentation");
            Objects.requireNonNull(decoding, "decoding");
            if (!(calibration >= 0)) {
                throw new IllegalArgumentException("the calibration weight must be at least 0, got " + calibration);
            }
            if (!(learningRate > 0)) {
                throw new IllegalArgumentException("the image learning rate must be positive, got " + learningRate);
            }
            requireMomentum(momentum);
            atLeast(1, maxDecoded, "maxDecoded");
            if (!(averaging >= 0 && averaging < 1)) {
                throw new IllegalArgumentException("averaging must be at least 0 and below 1, got " + averaging);
            }
        }
    }

    /**
     * The real batch of a class step.
     *
     * @param count number of images in the batch (N)
     * @param interval number of inner loops between two refreshes of the batch (I_int); a random batch is drawn again
     *     in every loop
     * @param candidates maximum number of images per class among which representatives are chosen by their features
     * @param perCentroid number of images chosen per cluster, those nearest to its centroid, usually 1 (DREAM, table
     *     5); the number of clusters is {@code count / perCentroid}
     */
    @GenerateSettingsBuilder
    public record Representatives(
            int count,
            int interval,

            @Initializer(value = "CANDIDATES", source = SettingsDefaults.class)
            int candidates,

            @Initializer(value = "PER_CENTROID", source = SettingsDefaults.class)
            int perCentroid)
            implements RepresentativesBuilder.With {

        public Representatives {
            atLeast(1, perCentroid, "perCentroid");
            if (perCentroid > count) {
                throw new IllegalArgumentException("perCentroid must not exceed the number of representatives (" + count
                        + "), got " + perCentroid);
            }
            atLeast(1, count, "representatives");
            atLeast(1, interval, "interval");
            atLeast(1, candidates, "candidates");
        }
    }

    /**
     * The number of iterations, the steps of the images in them, and the training of the network between them.
     *
     * @param outerIterations number of outer iterations, each of which begins with a new network; 0 keeps the initial
     *     images
     * @param innerLoops number of inner loops per outer iteration; each loop visits every class once
     * @param networkSamples number of images on which the network is trained after each inner loop
     * @param networkBatch number of images per training step
     * @param selectionSamples number of real images on which the network is trained before the initialiser uses its
     *     features
     * @param warmUpSamples number of real images on which a new network is trained before its first inner loop
     * @param warmUpDecay whether the learning rate of a new network drops to a fifth after two thirds of these images,
     *     and again after five sixths (DANCE, TGDD)
     * @param jointStep whether the images of all classes take one optimiser step together in each inner loop, so that
     *     their momentum carries over from loop to loop (DC, DSA, DM, MTT); otherwise, the optimiser steps once per
     *     class, and most of the momentum decays during the steps of the other classes (IDC, DREAM)
     * @param clampEveryLoop whether the images are clamped to [0, 1] before each inner loop (DANCE, TGDD), rather than
     *     only before each outer iteration
     */
    @GenerateSettingsBuilder
    public record Schedule(
            int outerIterations,
            int innerLoops,
            int networkSamples,
            int networkBatch,
            int selectionSamples,
            int warmUpSamples,
            boolean warmUpDecay,
            boolean jointStep,
            boolean clampEveryLoop)
            implements ScheduleBuilder.With {

        public Schedule {
            atLeast(0, outerIterations, "outerIterations");
            atLeast(1, innerLoops, "innerLoops");
            atLeast(0, networkSamples, "networkSamples");
            atLeast(1, networkBatch, "networkBatch");
            atLeast(0, selectionSamples, "selectionSamples");
            atLeast(0, warmUpSamples, "warmUpSamples");
        }
    }

    /**
     * The settings of trajectory matching: the training of the experts, and the rollout of the student that follows
     * them.
     *
     * @param epochs number of training epochs of an expert, whose parameters are saved before the first epoch and after
     *     each epoch
     * @param epochSamples number of real images per epoch, at least 1
     * @param starts number of epochs, counted from the first, at whose beginning a segment can start (max_start), at
     *     least 1
     * @param span number of expert epochs in a segment, which one rollout should reproduce (M), at least 1
     * @param steps number of SGD steps of a rollout (N), at least 1
     * @param batch maximum number of decoded synthetic images per step, at least 1
     * @param rate initial learning rate of the student's SGD (alpha), positive
     * @param rateStep learning rate with which {@code rate} is learned, at least 0
     * @param unrolled whether the gradient flows through all steps of the rollout (MTT); otherwise the gradient treats
     *     the parameters before each step as constants (TESLA)
     */
    @GenerateSettingsBuilder
    public record Trajectory(
            int epochs,
            int epochSamples,
            int starts,
            int span,
            int steps,
            int batch,
            double rate,
            double rateStep,
            boolean unrolled)
            implements TrajectoryBuilder.With {

        public Trajectory {
            atLeast(1, epochSamples, "epochSamples");
            atLeast(1, starts, "starts");
            atLeast(1, span, "span");
            atLeast(
                    starts - 1 + span,
                    epochs,
                    "epochs, for segments of " + span + " that may start as late as epoch " + starts + ",");
            atLeast(1, steps, "steps");
            atLeast(1, batch, "batch");
            if (!(rate > 0 && Double.isFinite(rate))) {
                throw new IllegalArgumentException("the student's learning rate must be positive, got " + rate);
            }
            if (!(rateStep >= 0 && Double.isFinite(rateStep))) {
                throw new IllegalArgumentException(
                        "the learning rate of the student's learning rate must be at least 0, got " + rateStep);
            }
        }

        /** Number of real images on which an expert is trained, summed over all epochs. */
        public int samples() {
            return training().samples();
        }

        private ExpertTraining training() {
            return new ExpertTraining(epochs, epochSamples, 1);
        }
    }

    /**
     * The settings of trajectory guidance (TGDD): the training of the experts, and the two stages of this training that
     * an inner loop uses. The features of the expert at the first stage are matched; at the later stage, the expert
     * calibrates the synthetic images. The first stage is any epoch.
     *
     * @param epochs number of training epochs of an expert, whose parameters are saved before the first epoch and after
     *     each epoch
     * @param epochSamples number of real images per epoch, at least 1
     * @param ahead maximum number of epochs between the two stages, at least 0
     * @param decay factor by which the learning rate of an expert is multiplied after each epoch, above 0 and at most 1
     */
    @GenerateSettingsBuilder
    public record Guidance(
            int epochs,
            int epochSamples,
            int ahead,

            @Initializer(value = "DECAY", source = SettingsDefaults.class)
            double decay)
            implements GuidanceBuilder.With {

        public Guidance {
            atLeast(1, epochs, "epochs");
            atLeast(1, epochSamples, "epochSamples");
            atLeast(0, ahead, "ahead");
            if (!(decay > 0 && decay <= 1)) {
                throw new IllegalArgumentException("the decay must be above 0 and at most 1, got " + decay);
            }
        }

        /** Number of real images on which an expert is trained, summed over all epochs. */
        public int samples() {
            return training().samples();
        }

        private ExpertTraining training() {
            return new ExpertTraining(epochs, epochSamples, decay);
        }
    }

    /**
     * The training of an expert on the real images. Its parameters are saved before the first epoch and after each
     * epoch.
     *
     * @param epochs number of epochs
     * @param epochSamples number of real images per epoch
     * @param decay factor by which the learning rate is multiplied after each epoch
     */
    public record ExpertTraining(int epochs, int epochSamples, double decay) {

        /** Number of real images, summed over all epochs. */
        public int samples() {
            return Math.multiplyExact(epochs, epochSamples);
        }

        /** Learning rate after {@code before} images, as a fraction of that of the first epoch. */
        public double rateShare(int before) {
            int epoch = before / epochSamples;
            return StrictMath.pow(decay, epoch);
        }

        /** Number of real images that are left in the current epoch after {@code before} images. */
        public int untilEpochEnd(int before) {
            return epochSamples - before % epochSamples;
        }
    }

    private static void requireMomentum(double momentum) {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("the momentum must be at least 0 and below 1, got " + momentum);
        }
    }

    private static void atLeast(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", got " + value);
        }
    }
}
