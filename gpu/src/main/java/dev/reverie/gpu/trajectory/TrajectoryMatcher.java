package dev.reverie.gpu.trajectory;

import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.StudentRolloutTask;
import dev.reverie.gpu.engine.StudentRolloutTask.StudentRolloutOutcome;
import dev.reverie.gpu.method.NetworkSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.objective.MatchingObjective.MatchingGradient;
import dev.reverie.gpu.synthetic.DistillationContext;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Runs the rollouts of trajectory matching and provides the gradients of the last rollout. Not thread safe. */
public final class TrajectoryMatcher implements AutoCloseable {

    private final DistillationContext context;
    private final ThreadWorkspace scratch;
    private Optional<ConvNet> network = Optional.empty();
    private Optional<StudentRollout> last = Optional.empty();

    public TrajectoryMatcher(DistillationContext context) {
        this.context = context;
        this.scratch = new ThreadWorkspace(context.kernels());
    }

    /** Performs a rollout, which replaces the previous one, on the synthetic images of the task in double precision. */
    public StudentRolloutOutcome rollOut(StudentRolloutTask task, List<double[][]> stored) {
        last = Optional.empty();
        scratch.reset();
        StudentRollout rollout =
                StudentRollout.perform(task, stored, network(task.network().classes()), context, scratch);
        last = Optional.of(rollout);
        return rollout.outcome();
    }

    /** Returns the network that all rollouts share; each rollout overwrites its parameters. */
    private ConvNet network(int classes) {
        NetworkSettings settings = context.settings().network();
        ConvNetArchitecture architecture =
                new ConvNetArchitecture(context.shape(), classes, settings.width(), settings.depth());
        if (network.filter(one -> one.architecture().equals(architecture)).isEmpty()) {
            network.ifPresent(ConvNet::close);
            network = Optional.of(ConvNet.fresh(
                    architecture,
                    context.kernels(),
                    Seeds.generator(context.settings().seed())));
        }
        return network.orElseThrow();
    }

    /**
     * Returns the loss of the last rollout, which covers all classes, and the gradient of this loss with respect to the
     * images of one class.
     *
     * @throws IllegalStateException if no rollout has been performed, for example because the engine was restarted
     *     after a failure
     */
    public MatchingGradient match(MatchTask task) {
        StudentRollout rollout = last.orElseThrow(() ->
                new IllegalStateException("this engine has not performed a rollout yet; run one before matching"));
        return new MatchingGradient(
                rollout.outcome().loss(),
                rollout.outcome().blockLosses(),
                Arrays.asList(rollout.imageGradient(task.output())));
    }

    @Override
    public void close() {
        network.ifPresent(ConvNet::close);
        scratch.close();
    }
}
