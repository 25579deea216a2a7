package dev.reverie.gpu.joint;

import dev.reverie.gpu.engine.JointTask;
import dev.reverie.gpu.engine.JointTask.FitModel;
import dev.reverie.gpu.engine.JointTask.FollowExpert;
import dev.reverie.gpu.engine.JointTask.JointOutcome;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.method.FitSettings.CafeSettings;
import dev.reverie.gpu.method.FitSettings.RidgeSettings;
import dev.reverie.gpu.method.FitSettings.UnrolledSettings;
import dev.reverie.gpu.method.NetworkSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.network.Network;
import dev.reverie.gpu.objective.MatchingObjective.MatchingGradient;
import dev.reverie.gpu.synthetic.DistillationContext;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Computes losses of all classes together, and provides the gradients of the last one. Not thread safe. */
public final class JointMatcher implements AutoCloseable {

    private final DistillationContext context;
    private final Function<JointTask, Network> networks;
    private final ThreadWorkspace scratch;
    private Optional<ConvNet> student = Optional.empty();
    private Optional<JointLoss> last = Optional.empty();

    /**
     * Creates a matcher without a loss.
     *
     * @param networks gives the network whose features a step uses, valid until the step ends
     */
    public JointMatcher(DistillationContext context, Function<JointTask, Network> networks) {
        this.context = context;
        this.networks = networks;
        this.scratch = new ThreadWorkspace(context.kernels());
    }

    /** Computes a loss, which replaces the previous one, of the synthetic images of the task in double precision. */
    public JointOutcome match(JointTask task, List<double[][]> stored) {
        last = Optional.empty();
        scratch.reset();
        JointLoss loss =
                switch (task) {
                    case FollowExpert follow ->
                        StudentRollout.following(follow, stored, student(task), context, scratch);
                    case FitModel fit -> fitted(fit, stored);
                };
        last = Optional.of(loss);
        return loss.outcome();
    }

    private JointLoss fitted(FitModel task, List<double[][]> stored) {
        return switch (context.settings().fit().orElseThrow()) {
            case RidgeSettings ridge ->
                new RidgeStep(networks.apply(task), context, ridge.regularisation()).of(task, stored);
            case CafeSettings cafe ->
                new CafeStep((ConvNet) networks.apply(task), context, cafe.discrimination()).of(task, stored);
            case UnrolledSettings unrolled ->
                StudentRollout.fitted(task, unrolled, stored, student(task), context, scratch);
        };
    }

    /** Returns the network that all students share; each of them overwrites its parameters. */
    private ConvNet student(JointTask task) {
        NetworkSettings settings = context.settings().network();
        ConvNetArchitecture architecture =
                new ConvNetArchitecture(context.shape(), task.network().classes(), settings.width(), settings.depth());
        if (student.filter(one -> one.architecture().equals(architecture)).isEmpty()) {
            student.ifPresent(ConvNet::close);
            student = Optional.of(ConvNet.fresh(
                    architecture,
                    context.kernels(),
                    Seeds.generator(context.settings().seed())));
        }
        return student.orElseThrow();
    }

    /**
     * Returns the last loss, which covers all classes, and its gradient with respect to the images of one class.
     *
     * @throws IllegalStateException if there is none, for example because the engine was restarted after a failure
     */
    public MatchingGradient gradient(MatchTask task) {
        JointLoss loss = last.orElseThrow(() -> new IllegalStateException(
                "this engine has not computed a loss of all classes yet; do that before matching"));
        return new MatchingGradient(
                loss.outcome().loss(), loss.outcome().blockLosses(), Arrays.asList(loss.imageGradient(task.output())));
    }

    @Override
    public void close() {
        student.ifPresent(ConvNet::close);
        scratch.close();
    }
}
