package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.FitSettings.CafeSettings;
import dev.reverie.gpu.method.FitSettings.RidgeSettings;
import dev.reverie.gpu.method.FitSettings.UnrolledSettings;
import dev.reverie.gpu.method.Method.MethodDefinition;
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
 * @param trajectory settings of trajectory matching; present if and only if a student follows expert trajectories
 * @param guidance settings of trajectory guidance; present if and only if the method matches features of experts
 * @param fit the model that is fitted to the synthetic images; present if and only if the method fits one
 * @param foreign a network of another program that chooses images in place of the matching network, or is the observer
 */
@GenerateSettingsBuilder
public record DistillationSettings(
        Method method,
        MethodDefinition composition,
        int ipc,
        int factor,
        NetworkSettings network,
        MatchingSettings matching,

        @Initializer("STYLE") StyleWeights style,

        RepresentativeSettings representatives,
        ScheduleSettings schedule,
        long seed,
        Optional<TrajectorySettings> trajectory,
        Optional<GuidanceSettings> guidance,
        Optional<FitSettings> fit,
        Optional<ForeignFile> foreign)
        implements DistillationSettingsBuilder.With {

    // the generated builder starts from these values
    public static final StyleWeights STYLE = StyleWeights.NONE;

    /**
     * Arrays of the size of the first block's output for each image in a class step that matches features. Measured:
     * docs/guides/scale.md gives the figures.
     */
    private static final int ARRAYS = 2;

    /** The same for a step that matches gradients, which needs second derivatives. */
    private static final int ARRAYS_OF_GRADIENTS = 5;

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
        Objects.requireNonNull(fit, "fit");
        Objects.requireNonNull(foreign, "foreign");
        SettingsRules.atLeast(1, ipc, "ipc");
        SettingsRules.atLeast(1, factor, "factor");
        if (trajectory.isPresent() != method.trainsStudent()) {
            throw new IllegalArgumentException(
                    "trajectory settings are required for the method mtt and not allowed for any other");
        }
        if (style.present()
                && (!composition.matchesRealBatches() || composition.objective().matchesGradients())) {
            throw new IllegalArgumentException("style terms are added to a distance of features: choose an objective"
                    + " without gradients, or set both weights to 0");
        }
        if (!network.onlyConvNets()
                && (method.needsConvNets()
                        || style.present()
                        || (composition.matchesRealBatches()
                                && composition.objective().matchesGradients()))) {
            throw new IllegalArgumentException("a ResNet can only match features, without style terms: use a ConvNet,"
                    + " or choose a method or an objective without gradients, for example dm, dance, idm or tgdd");
        }
        if (guidance.isPresent() != method.isGuidedByExperts()) {
            throw new IllegalArgumentException(
                    "guidance settings are required for the method tgdd and not allowed for any other");
        }
        if (fit.isPresent() != method.fitsModel()) {
            throw new IllegalArgumentException(
                    "fit settings are required for the methods ridge, bptt and cafe, and not allowed for any other");
        }
    }

    /** Whether a run trains an observer. */
    public boolean trainsObserver() {
        return method.hasObserver() && foreign.isEmpty();
    }

    /** The learning rate of the student and that of this rate; empty if the method trains no student. */
    public Optional<StudentRate> studentRate() {
        return trajectory
                .map(student -> new StudentRate(student.rate(), student.rateStep()))
                .or(() -> fit.flatMap(model -> switch (model) {
                    case UnrolledSettings student -> Optional.of(new StudentRate(student.rate(), student.rateStep()));
                    case RidgeSettings _, CafeSettings _ -> Optional.empty();
                }));
    }

    /**
     * The learning rate of a student.
     *
     * @param initial learning rate at the start, positive
     * @param step learning rate with which it is learned, at least 0
     */
    public record StudentRate(double initial, double step) {}

    /** Returns how many images a class step decodes from a number of stored ones. */
    public int decoded(int stored) {
        return (int) Math.min((long) stored * factor * factor, matching.maxDecoded());
    }

    /** Returns about how many bytes the arrays of a class step on the CPU take for a number of images. */
    public long stepBytes(ImageShape shape, int images) {
        int arrays = composition.objective().matchesGradients() ? ARRAYS_OF_GRADIENTS : ARRAYS;
        return (long) arrays * images * network.width() * shape.planeSize() * Float.BYTES;
    }

    /** The training of the experts; empty if the method has none. */
    public Optional<ExpertTraining> experts() {
        return trajectory.map(TrajectorySettings::training).or(() -> guidance.map(GuidanceSettings::training));
    }

    /** Returns these settings with expert epochs of at most the given number of real images. */
    public DistillationSettings withExpertEpochsAtMost(int images) {
        return experts()
                .map(training -> withExpertEpochsOf(Math.min(training.epochSamples(), images)))
                .orElse(this);
    }

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
     * The weights of the style terms, which are added to a distance of features (DDM, WACV 2025). The style of a batch
     * is described by statistics of the outputs of all convolutions, which forget where in an image a feature occurs.
     *
     * @param moments weight of the relative distance of means and standard deviations of planes, at least 0; published:
     *     180
     * @param correlations weight of the distance of Gram matrices, at least 0; published: 10,000
     */
    public record StyleWeights(double moments, double correlations) {

        /** No style terms. */
        public static final StyleWeights NONE = new StyleWeights(0, 0);

        public StyleWeights {
            SettingsRules.notNegative(moments, "the weight of the style moments");
            SettingsRules.notNegative(correlations, "the weight of the style correlations");
        }

        /** Whether a class step computes any style term. */
        public boolean present() {
            return moments > 0 || correlations > 0;
        }
    }

    /**
     * The training of an expert on the real images. Its parameters are saved before the first epoch and after each
     * epoch.
     *
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
}
