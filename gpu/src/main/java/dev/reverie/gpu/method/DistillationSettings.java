package dev.reverie.gpu.method;

import dev.reverie.gpu.objective.GradientDistance;
import java.util.Optional;

/**
 * Everything that decides the outcome of a distillation but the data.
 *
 * @param composition what the method is made of, or what it was given instead
 * @param ipc stored images per class, at least 1
 * @param factor multi-formation factor: each stored image decodes to factor * factor images, at least 1
 * @param seed of every random choice
 * @param trajectory where a student follows experts; empty for every other method
 */
public record DistillationSettings(
        Method method,
        MethodDefinition composition,
        int ipc,
        int factor,
        Network network,
        Matching matching,
        Representatives representatives,
        Schedule schedule,
        long seed,
        Optional<Trajectory> trajectory) {

    public DistillationSettings {
        atLeast(1, ipc, "ipc");
        atLeast(1, factor, "factor");
        if (trajectory.isPresent() != method.followsExperts()) {
            throw new IllegalArgumentException("mtt has settings of a trajectory, and no other method");
        }
    }

    /** A method without experts, as it was published. */
    public DistillationSettings(
            Method method,
            int ipc,
            int factor,
            Network network,
            Matching matching,
            Representatives representatives,
            Schedule schedule,
            long seed) {
        this(
                method,
                method.composition(),
                ipc,
                factor,
                network,
                matching,
                representatives,
                schedule,
                seed,
                Optional.empty());
    }

    /** The same for another number of stored images per class; the learning rate stays that of this one. */
    public DistillationSettings storing(int images) {
        return new DistillationSettings(
                method, composition, images, factor, network, matching, representatives, schedule, seed, trajectory);
    }

    /** The same, made of other parts. */
    public DistillationSettings composedOf(MethodDefinition parts) {
        return new DistillationSettings(
                method, parts, ipc, factor, network, matching, representatives, schedule, seed, trajectory);
    }

    /** The same on another network. */
    public DistillationSettings with(Network other) {
        return new DistillationSettings(
                method, composition, ipc, factor, other, matching, representatives, schedule, seed, trajectory);
    }

    /** The same, compared in another way. */
    public DistillationSettings with(Matching other) {
        return new DistillationSettings(
                method, composition, ipc, factor, network, other, representatives, schedule, seed, trajectory);
    }

    /** The same with other real batches. */
    public DistillationSettings with(Representatives other) {
        return new DistillationSettings(
                method, composition, ipc, factor, network, matching, other, schedule, seed, trajectory);
    }

    /** The same for longer or shorter. */
    public DistillationSettings with(Schedule other) {
        return new DistillationSettings(
                method, composition, ipc, factor, network, matching, representatives, other, seed, trajectory);
    }

    /**
     * The matching network, a ConvNet, and how it is trained between two inner loops.
     *
     * @param width channels of each block
     * @param depth number of blocks
     * @param learningRate of SGD
     * @param momentum in [0, 1)
     * @param weightDecay at least 0
     * @param augmentation strategy of the training images, for example {@code color_crop}
     * @param mixProbability probability of cutmix for a training batch, in [0, 1]
     * @param pool networks held at a time, those of the last outer iterations: each class step draws one of them, and
     *     the newest is trained. 1 is a single network, replaced by a fresh one, as in IDC and DREAM
     * @param variation how what a class step sees differs from the drawn network
     */
    public record Network(
            int width,
            int depth,
            double learningRate,
            double momentum,
            double weightDecay,
            String augmentation,
            double mixProbability,
            int pool,
            NetworkVariation variation) {

        public Network {
            atLeast(1, width, "width");
            atLeast(1, depth, "depth");
            atLeast(1, pool, "pool");
            if (!(learningRate > 0)) {
                throw new IllegalArgumentException("a network learning rate is positive, got " + learningRate);
            }
            requireMomentum(momentum);
            if (!(weightDecay >= 0)) {
                throw new IllegalArgumentException("weight decay is at least 0, got " + weightDecay);
            }
            if (!(mixProbability >= 0 && mixProbability <= 1)) {
                throw new IllegalArgumentException("a cutmix probability lies between 0 and 1, got " + mixProbability);
            }
        }

        /** The same with as many channels a block. */
        public Network withWidth(int channels) {
            return new Network(
                    channels,
                    depth,
                    learningRate,
                    momentum,
                    weightDecay,
                    augmentation,
                    mixProbability,
                    pool,
                    variation);
        }

        /** The same with as many networks held at a time. */
        public Network withPool(int networks) {
            return new Network(
                    width,
                    depth,
                    learningRate,
                    momentum,
                    weightDecay,
                    augmentation,
                    mixProbability,
                    networks,
                    variation);
        }

        /** The same, seen in another way. */
        public Network varied(NetworkVariation other) {
            return new Network(
                    width, depth, learningRate, momentum, weightDecay, augmentation, mixProbability, pool, other);
        }
    }

    /**
     * The class step.
     *
     * @param learningRate of the synthetic images, already scaled to ipc and image size
     * @param momentum of the synthetic images, in [0, 1)
     * @param augmentation siamese strategy, for example {@code color_crop_cutout}
     * @param maxDecoded at most so many decoded images enter a step; more are subsampled
     * @param averaging share of the old average in the running average of the images that is handed out, in [0, 1); 0
     *     hands out the images as they are
     * @param calibration weight of the synthetic images' own cross-entropy beside the distance, at least 0 (DANCE)
     * @param decoding which decoded images enter a step
     */
    public record Matching(
            GradientDistance distance,
            double learningRate,
            double momentum,
            String augmentation,
            int maxDecoded,
            double averaging,
            double calibration,
            DecodingMode decoding) {

        /** All decoded images by the one factor. */
        public Matching(
                GradientDistance distance,
                double learningRate,
                double momentum,
                String augmentation,
                int maxDecoded,
                double averaging,
                double calibration) {
            this(
                    distance,
                    learningRate,
                    momentum,
                    augmentation,
                    maxDecoded,
                    averaging,
                    calibration,
                    DecodingMode.SINGLE);
        }

        public Matching {
            if (!(calibration >= 0)) {
                throw new IllegalArgumentException("a calibration weight is at least 0, got " + calibration);
            }
            if (!(learningRate > 0)) {
                throw new IllegalArgumentException("an image learning rate is positive, got " + learningRate);
            }
            requireMomentum(momentum);
            atLeast(1, maxDecoded, "maxDecoded");
            if (!(averaging >= 0 && averaging < 1)) {
                throw new IllegalArgumentException("averaging is at least 0 and below 1, got " + averaging);
            }
        }
    }

    /**
     * The real batch of a class step.
     *
     * @param count N, images in the batch
     * @param interval inner loops between two refreshes (I_int); a random batch is drawn anew every time
     * @param candidates at most so many images of a class are looked at to choose some by their features
     * @param perCentroid images nearest to a centroid that stand for its cluster, of which there are so many times
     *     fewer; 1 as a rule (DREAM, table 5)
     */
    public record Representatives(int count, int interval, int candidates, int perCentroid) {

        /** One image for each cluster. */
        public Representatives(int count, int interval, int candidates) {
            this(count, interval, candidates, 1);
        }

        public Representatives {
            atLeast(1, perCentroid, "perCentroid");
            if (perCentroid > count) {
                throw new IllegalArgumentException(
                        perCentroid + " representatives of each cluster are more than all, " + count);
            }
            atLeast(1, count, "representatives");
            atLeast(1, interval, "interval");
            atLeast(1, candidates, "candidates");
        }
    }

    /**
     * How long, and how much the network learns in between.
     *
     * @param outerIterations fresh networks; 0 keeps the initial images
     * @param innerLoops visits to every class per outer iteration
     * @param networkSamples real images the network is trained on after each inner loop
     * @param networkBatch images per training step
     * @param selectionSamples real images the network is trained on before the initialiser looks at its features
     * @param warmUpSamples real images a fresh network is trained on before its first inner loop
     */
    public record Schedule(
            int outerIterations,
            int innerLoops,
            int networkSamples,
            int networkBatch,
            int selectionSamples,
            int warmUpSamples) {

        /** The same with other numbers of loops. */
        public Schedule lasting(int outer, int inner) {
            return new Schedule(outer, inner, networkSamples, networkBatch, selectionSamples, warmUpSamples);
        }

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
     * Trajectory matching: how long experts are trained, and the student that is to follow them.
     *
     * @param epochs of an expert's training; its parameters are kept before the first and after each
     * @param epochSamples real images in an epoch, at least 1
     * @param starts epochs that a segment may begin before, counted from the first (max_start), at least 1
     * @param span epochs of an expert that the student is to make up for (M), at least 1
     * @param steps of the student (N), at least 1
     * @param batch at most so many decoded synthetic images in a step, at least 1
     * @param rate of the student's SGD at the beginning (alpha), positive
     * @param rateStep learning rate of that rate, at least 0
     * @param unrolled whether the gradient goes through all steps of the student (MTT), or takes their parameters as
     *     given (TESLA)
     */
    public record Trajectory(
            int epochs,
            int epochSamples,
            int starts,
            int span,
            int steps,
            int batch,
            double rate,
            double rateStep,
            boolean unrolled) {

        public Trajectory {
            atLeast(1, epochSamples, "epochSamples");
            atLeast(1, starts, "starts");
            atLeast(1, span, "span");
            atLeast(
                    starts - 1 + span,
                    epochs,
                    "epochs of an expert whose segments begin before epoch " + starts + " and span " + span);
            atLeast(1, steps, "steps");
            atLeast(1, batch, "batch");
            if (!(rate > 0 && Double.isFinite(rate))) {
                throw new IllegalArgumentException("a student's learning rate is positive, got " + rate);
            }
            if (!(rateStep >= 0 && Double.isFinite(rateStep))) {
                throw new IllegalArgumentException("the step of a student's rate is at least 0, got " + rateStep);
            }
        }

        /** Real images that an expert is trained on. */
        public int samples() {
            return Math.multiplyExact(epochs, epochSamples);
        }

        /** The same with epochs of at most so many images, those of a whole dataset. */
        public Trajectory ofAtMost(int images) {
            int fewer = Math.min(epochSamples, images);
            return new Trajectory(epochs, fewer, starts, span, steps, batch, rate, rateStep, unrolled);
        }

        /** The same by another gradient. */
        public Trajectory unrolled(boolean through) {
            return new Trajectory(epochs, epochSamples, starts, span, steps, batch, rate, rateStep, through);
        }
    }

    private static void requireMomentum(double momentum) {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("a momentum is at least 0 and below 1, got " + momentum);
        }
    }

    private static void atLeast(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is at least " + least + ", got " + value);
        }
    }
}
