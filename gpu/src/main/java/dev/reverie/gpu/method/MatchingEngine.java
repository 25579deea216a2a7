package dev.reverie.gpu.method;

import dev.reverie.gpu.augment.TrainingViews;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.method.Draws.Purpose;
import dev.reverie.gpu.network.Architecture;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.Trainer;
import dev.reverie.gpu.network.Trainer.Sgd;
import dev.reverie.gpu.select.Discrepancy;
import dev.reverie.gpu.select.Features;
import dev.reverie.gpu.select.Herding;
import dev.reverie.gpu.select.KCenter;
import dev.reverie.gpu.select.KMeans;
import dev.reverie.gpu.select.RandomSelection;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Lanes;
import dev.reverie.gpu.tensor.Scratch;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The engine of IDC and DREAM: gradient matching with a ConvNet on this build's device. */
public final class MatchingEngine implements Engine {

    private final DistillationSettings settings;
    private final ImageShape shape;
    private final TrainingViews views;
    private final MultiFormation formation;
    private final Kernels kernels;
    private final Lanes lanes;
    private final Scratch scratch;
    private final Trainer trainer;

    private @Nullable NetworkId id;
    private @Nullable ConvNet network;

    private MatchingEngine(
            DistillationSettings settings, ImageShape shape, Normalisation normalisation, Kernels kernels, int lanes) {
        this.settings = settings;
        this.shape = shape;
        this.views = TrainingViews.of(
                normalisation,
                settings.network().augmentation(),
                settings.network().mixProbability(),
                shape);
        this.formation = MultiFormation.of(settings.factor(), shape);
        this.kernels = kernels;
        this.lanes = new Lanes(kernels, lanes);
        this.scratch = new Scratch(kernels);
        this.trainer = new Trainer(this.lanes);
    }

    /**
     * Opens an engine on this build's device.
     *
     * @param shape of all images
     * @param normalisation of the real data
     * @throws dev.reverie.gpu.tensor.DeviceException if the device cannot be used here
     */
    public static MatchingEngine open(DistillationSettings settings, ImageShape shape, Normalisation normalisation) {
        return new MatchingEngine(settings, shape, normalisation, Device.kernels(), Device.lanes());
    }

    /**
     * An engine on given kernels, for profiling it, or checking it in double precision or on other numbers of lanes.
     */
    public static MatchingEngine on(
            Kernels kernels, int lanes, DistillationSettings settings, ImageShape shape, Normalisation normalisation) {
        return new MatchingEngine(settings, shape, normalisation, kernels, lanes);
    }

    @Override
    public MatchOutcome match(MatchTask task) {
        double[][] stored = new double[task.synthetic().count()][];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = task.synthetic().values(i);
        }
        MatchingStep.Result result = match(task, stored);
        float[] gradient = new float[stored.length * shape.size()];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = (float) result.gradient().get(i / shape.size())[i % shape.size()];
        }
        return new MatchOutcome(result.loss(), result.byBlock(), ImageBatch.of(shape, gradient));
    }

    MatchingStep.Result match(MatchTask task, double[][] stored) {
        return new MatchingStep(
                        task, stored, hold(task.network()), lanes, settings.matching(), formation, views.normalise())
                .run(scratch);
    }

    @Override
    public TrainOutcome train(TrainTask task) {
        ConvNet current = hold(task.network());
        RandomGenerator random = Draws.generator(task.draw());
        DistillationSettings.Network recipe = settings.network();
        Sgd sgd = new Sgd(recipe.learningRate(), recipe.momentum(), recipe.weightDecay());
        double loss = 0;
        for (List<LabelledImage> batch : task.batches()) {
            int[] labels = batch.stream().mapToInt(LabelledImage::label).toArray();
            loss += trainer.step(current, views, i -> batch.get(i).image().values(), labels, sgd, random);
        }
        return new TrainOutcome(loss / task.batches().size());
    }

    @Override
    public SelectOutcome select(SelectTask task) {
        int available = task.candidates().size();
        return switch (task.selection()) {
            case IN_ORDER -> unseen(IntStream.range(0, task.count()).boxed().toList());
            case RANDOM -> unseen(RandomSelection.of(available, task.count(), task.draw()));
            case HERDING -> coreset(task, features -> Herding.choose(features, task.count()));
            case K_CENTER -> coreset(task, features -> KCenter.choose(features, task.count()));
            case K_MEANS -> cluster(task);
        };
    }

    /** Chosen without a look at any feature. */
    private static SelectOutcome unseen(List<Integer> indices) {
        return new SelectOutcome(indices, Double.NaN, OptionalDouble.empty());
    }

    /** Clusters where the reference does: features of raw images, neither normalised nor augmented. */
    private SelectOutcome cluster(SelectTask task) {
        try (Tensor points = embed(task, Image::values)) {
            KMeans.Clustering clustering = KMeans.cluster(points, task.count(), kernels, lanes, task.draw());
            return new SelectOutcome(
                    clustering.representatives(),
                    clustering.inertia(),
                    OptionalDouble.of(Discrepancy.of(points, clustering.representatives())));
        }
    }

    /** Chooses by features of normalised images. */
    private SelectOutcome coreset(SelectTask task, Function<Features, List<Integer>> choice) {
        try (Tensor points = embed(task, image -> views.normalise().apply(image.values()))) {
            List<Integer> chosen = choice.apply(Features.of(points.dimension(1), points.toFloats()));
            return new SelectOutcome(chosen, Double.NaN, OptionalDouble.of(Discrepancy.of(points, chosen)));
        }
    }

    private Tensor embed(SelectTask task, Function<Image, double[]> values) {
        List<Image> candidates = task.candidates();
        return trainer.embed(hold(task.network()), candidates.size(), i -> values.apply(candidates.get(i)));
    }

    @Override
    public Optional<NetworkState> network() {
        NetworkId held = id;
        ConvNet current = network;
        if (held == null || current == null) {
            return Optional.empty();
        }
        return Optional.of(new NetworkState(
                held,
                floats(current.parameters().tensors()),
                floats(current.velocities().tensors())));
    }

    private static List<float[]> floats(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::toFloats).toList();
    }

    @Override
    public void restore(NetworkState state) {
        ConvNet current = fresh(state.network());
        fill(current.parameters().tensors(), state.parameters());
        fill(current.velocities().tensors(), state.velocities());
        current.parametersChanged();
    }

    private static void fill(List<Tensor> tensors, List<float[]> values) {
        if (tensors.size() != values.size()) {
            throw new IllegalArgumentException(
                    "the saved network has " + values.size() + " parameters, this one " + tensors.size());
        }
        for (int i = 0; i < tensors.size(); i++) {
            tensors.get(i).setFloats(values.get(i));
        }
    }

    /**
     * The named network: the one held, perhaps with a larger classifier, or a freshly drawn one. An older one than is
     * held does not come back: whoever asks for it was overtaken, and the one held serves as well.
     */
    private ConvNet hold(NetworkId wanted) {
        NetworkId held = id;
        ConvNet current = network;
        if (held == null || current == null || held.outer() < wanted.outer()) {
            return fresh(wanted);
        }
        if (wanted.classes() > held.classes()) {
            ConvNet grown = current.withClasses(wanted.classes(), generator(wanted.outer(), wanted.classes()));
            replace(wanted, grown);
            return grown;
        }
        return current;
    }

    private ConvNet fresh(NetworkId wanted) {
        Architecture architecture = new Architecture(
                shape,
                wanted.classes(),
                settings.network().width(),
                settings.network().depth());
        ConvNet drawn = ConvNet.fresh(architecture, kernels, generator(wanted.outer()));
        replace(wanted, drawn);
        return drawn;
    }

    private RandomGenerator generator(long... coordinates) {
        return Draws.generator(Draws.of(settings.seed(), Purpose.NETWORK, coordinates));
    }

    private void replace(NetworkId newId, ConvNet newNetwork) {
        closeNetwork();
        id = newId;
        network = newNetwork;
    }

    private void closeNetwork() {
        if (network != null) {
            network.close();
        }
    }

    /** Number of elements ever allocated for working memory: constant in the steady state. */
    long allocatedElements() {
        return lanes.allocatedElements() + scratch.allocatedElements();
    }

    @Override
    public void close() {
        closeNetwork();
        id = null;
        network = null;
        scratch.close();
        lanes.close();
    }
}
