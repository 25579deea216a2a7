package dev.reverie.gpu.matching;

import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.GuidanceTask;
import dev.reverie.gpu.engine.JointTask;
import dev.reverie.gpu.engine.JointTask.JointOutcome;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainedNetwork;
import dev.reverie.gpu.foreign.ForeignModel;
import dev.reverie.gpu.joint.JointMatcher;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.Network;
import dev.reverie.gpu.objective.MatchingObjective.MatchingGradient;
import dev.reverie.gpu.synthetic.DistillationContext;
import dev.reverie.gpu.synthetic.SyntheticViews;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.DeviceKernels;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Runs the tasks of all methods: matching of gradients, of features, of both or of training trajectories, with or
 * without an expert that guides the matching; training of networks; selection of real images; and classification.
 */
public final class MatchingEngine implements DistillationEngine {

    private final DistillationContext context;
    private final DistillationSettings settings;
    private final ThreadWorkspace scratch;
    private final BatchTrainer trainer;
    private Runnable check = () -> {};
    private final NetworkPool pool;
    private final PoolTraining training;
    private final JointMatcher joint;
    private final ExpertStages stages;
    private Optional<ForeignModel> foreign = Optional.empty();

    private MatchingEngine(DistillationContext context) {
        Kernels kernels = context.kernels();
        kernels.device().ifPresent(DeviceKernels::useOnThisThread); // the thread that runs the tasks, too
        this.context = context;
        this.settings = context.settings();
        this.scratch = new ThreadWorkspace(kernels);
        this.trainer = new BatchTrainer(context.threads());
        this.pool = new NetworkPool(settings, context.shape(), kernels);
        this.training = new PoolTraining(pool, trainer, context.views(), settings.network());
        this.joint = new JointMatcher(context, task -> pool.varied(task.network(), task.seed()));
        this.stages = new ExpertStages(settings, context.shape(), kernels);
    }

    /**
     * Opens an engine on this build's device.
     *
     * @throws dev.reverie.gpu.tensor.Device.DeviceException if this machine cannot use the device
     */
    public static MatchingEngine open(DistillationSettings settings, ImageShape shape, Normalisation normalisation) {
        return on(Device.kernels(), Device.threads(), settings, shape, normalisation);
    }

    /**
     * Opens an engine on the given kernels, for profiling, and for tests in double precision or with a given number of
     * compute threads.
     */
    public static MatchingEngine on(
            Kernels kernels,
            int threads,
            DistillationSettings settings,
            ImageShape shape,
            Normalisation normalisation) {
        return on(new ComputeThreads(kernels, threads), settings, shape, normalisation);
    }

    /** Opens an engine that computes on the given threads, which it closes. */
    public static MatchingEngine on(
            ComputeThreads threads, DistillationSettings settings, ImageShape shape, Normalisation normalisation) {
        return new MatchingEngine(DistillationContext.of(settings, shape, normalisation, threads));
    }

    @Override
    public MatchOutcome match(MatchTask task) {
        MatchingGradient result =
                settings.method().isJoint() ? joint.gradient(task) : match(task, stored(task.synthetic()));
        int size = context.shape().size();
        float[] gradient = new float[result.gradient().size() * size];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = (float) result.gradient().get(i / size)[i % size];
        }
        return new MatchOutcome(result.loss(), result.blockLosses(), ImageBatch.of(context.shape(), gradient));
    }

    private static double[][] stored(ImageBatch images) {
        return IntStream.range(0, images.count()).mapToObj(images::values).toArray(double[][]::new);
    }

    MatchingGradient match(MatchTask task, double[][] stored) {
        MatchingStep step = new MatchingStep(task, stored, matchedNetwork(task), context);
        MatchingGradient matched = step.run(scratch);
        if (settings.matching().calibration() > 0) {
            double[][] calibration = calibration(task, stored, step.synthetic());
            for (int i = 0; i < stored.length; i++) {
                add(calibration[i], matched.gradient().get(i));
            }
        }
        return matched;
    }

    private Network matchedNetwork(MatchTask task) {
        return settings.guidance().isPresent() ? guiding(stages.matched()) : pool.varied(task.network(), task.seed());
    }

    private static Network guiding(Optional<Network> stage) {
        return stage.orElseThrow(
                () -> new IllegalStateException("this engine has no expert that guides it; set one before matching"));
    }

    /**
     * Computes the weighted gradient of the cross-entropy. Guidance and the networks of a queue use the views of the
     * matching step, as published.
     */
    private double[][] calibration(MatchTask task, double[][] stored, SyntheticViews matched) {
        double weight = settings.matching().calibration();
        if (settings.guidance().isPresent()) {
            return new CalibrationStep(guiding(stages.later()), context.threads(), weight)
                    .gradient(task.output(), matched);
        }
        Network network = pool.any(task.network(), task.seed());
        if (settings.network().variation() == NetworkVariation.QUEUED) {
            return new CalibrationStep(network, context.threads(), weight * pool.accuracy(network))
                    .gradient(task.output(), matched);
        }
        SyntheticViews own = CalibrationStep.ownViews(task, stored, context);
        return new CalibrationStep(network, context.threads(), weight).gradient(task.output(), own);
    }

    private static void add(double[] x, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] += x[i];
        }
    }

    @Override
    public void beforeEachStep(Runnable check) {
        this.check = check;
    }

    @Override
    public TrainMatchingNetworkOutcome train(TrainMatchingNetworkTask task) {
        return training.train(task, check);
    }

    @Override
    public TrainedNetwork trainCopy(TrainMatchingNetworkTask task) {
        return training.trainCopy(task, check);
    }

    @Override
    public void adopt(TrainMatchingNetworkTask task, NetworkState trained) {
        pool.adopt(training.network(task), trained);
    }

    @Override
    public JointOutcome matchJointly(JointTask task) {
        return joint.match(
                task, task.memory().stream().map(MatchingEngine::stored).toList());
    }

    @Override
    public void guide(GuidanceTask task) {
        stages.set(task);
    }

    /** The losses of all classes together, for tests in double precision. */
    JointMatcher joint() {
        return joint;
    }

    @Override
    public SelectOutcome select(SelectTask task) {
        return new SelectionStep(task, () -> embedding(task), foreign(), trainer, context.normalise()).run();
    }

    /** The network of another program, if there is one, which is opened when it is first asked for. */
    private Optional<ForeignModel> foreign() {
        if (foreign.isEmpty()) {
            foreign = settings.foreign().map(file -> ForeignModel.open(file, context.shape()));
        }
        return foreign;
    }

    /** The network whose features a selection uses. */
    private Network embedding(SelectTask task) {
        return stages.matched().orElseGet(() -> pool.newest(task.network()));
    }

    @Override
    public ClassifyOutcome classify(ClassifyTask task) {
        ImageBatch images = task.images();
        if (settings.method().hasObserver() && settings.foreign().isPresent()) {
            return outcome(List.of(foreign().orElseThrow().rows(images.count(), images::values)));
        }
        List<double[]> logits = trainer.logits(pool.newest(task.network()), images.count(), i -> context.normalise()
                .apply(images.values(i)));
        return outcome(logits);
    }

    private static ClassifyOutcome outcome(List<double[]> logits) {
        return new ClassifyOutcome(
                logits.stream().map(row -> Arrays.stream(row).boxed().toList()).toList());
    }

    @Override
    public NetworkState network(NetworkId id) {
        return pool.state(pool.newest(id));
    }

    @Override
    public List<NetworkState> networks() {
        return pool.states();
    }

    @Override
    public void restore(List<NetworkState> states) {
        pool.restore(states);
    }

    /** Total number of elements allocated for working memory; constant in the steady state. */
    long allocatedElements() {
        return context.threads().allocatedElements() + scratch.allocatedElements();
    }

    @Override
    public void close() {
        try {
            training.close();
        } finally {
            pool.close();
            joint.close();
            stages.close();
            foreign.ifPresent(ForeignModel::close);
            scratch.close();
            context.threads().close();
        }
    }
}
