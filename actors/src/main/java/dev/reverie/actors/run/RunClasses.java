package dev.reverie.actors.run;

import dev.reverie.actors.checkpoint.RunCheckpoint;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.classes.DistilledSetAssembler;
import dev.reverie.actors.loop.LoopCommand;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.EpochSampler;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.joint.StudentLearningRate;
import dev.reverie.gpu.method.DistillationSettings;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.pekko.Done;

/**
 * The classes of a run, and the operations on all of them: initialisation, checkpoint, distilled set. Belongs to the
 * coordinator.
 */
final class RunClasses {

    /**
     * Softmax temperature of soft labels; at 1, soft labels of confident predictions would hardly differ from hard
     * labels.
     */
    private static final double TEMPERATURE = 4;

    private final RunPlan plan;
    private final DistillationSettings settings;
    private final RunActors actors;
    private final List<ClassClient> classes;

    RunClasses(RunPlan plan, RunActors actors) {
        this.plan = plan;
        this.settings = plan.settings();
        this.actors = actors;
        this.classes = IntStream.range(0, plan.classes().size())
                .mapToObj(classIndex -> actors.spawn(
                        classIndex,
                        plan.classes().get(classIndex),
                        plan.resumed().map(from -> from.classes().get(classIndex))))
                .toList();
    }

    List<ClassClient> all() {
        return classes;
    }

    /** Gives all classes of a new run their initial images; does nothing in a resumed run. */
    CompletionStage<Done> initialise(NetworkId network) {
        return plan.resumed().isPresent()
                ? CompletableFuture.completedStage(Done.getInstance())
                : actors.initialiser().initialiseAll(classes, network);
    }

    /** One visit per class, in class order, each with at most {@code mostReal} real images. */
    List<LoopCommand.Assigned> visits(LoopPosition position, int mostReal) {
        return IntStream.range(0, classes.size())
                .mapToObj(output -> new LoopCommand.Assigned(
                        new ClassVisit(position, classes.get(output).classIndex(), output, classes.size()),
                        classes.get(output),
                        actors.worker(),
                        mostReal))
                .toList();
    }

    /** Publishes an event for each class, and warnings about classes with few images. */
    void announce() {
        plan.shortages(classes).forEach(shortage -> actors.telemetry().on(new TelemetryEvent.Warning(shortage)));
        classes.forEach(one -> actors.telemetry()
                .on(new TelemetryEvent.ClassJoined(one.classIndex(), one.name(), one.size(), settings.ipc())));
    }

    void clamp() {
        classes.forEach(one -> one.actor().tell(new ClassActor.Clamp()));
    }

    CompletionStage<RunCheckpoint> checkpoint(RunPlan.Storage storage, LoopPosition position, RunNetworks networks) {
        EpochSampler.Cursor cursor = networks.cursor();
        List<ClassImages> joined = plan.resumed().map(RunCheckpoint::joined).orElse(List.of());
        Optional<StudentLearningRate> studentRate = networks.studentRate();
        return actors.snapshots(classes)
                .thenCombine(
                        networks.saved(position),
                        (snapshots, saved) -> new RunCheckpoint(
                                storage.fingerprint(), position, cursor, snapshots, joined, saved, studentRate));
    }

    /**
     * Collects the distilled set.
     *
     * @param labeller network whose predictions become soft labels, if the method uses them
     */
    CompletionStage<DistilledSet> distilledSet(NetworkId labeller) {
        List<String> names = classes.stream().map(ClassClient::name).toList();
        return actors.snapshots(classes)
                .thenApply(snapshots -> toSet(snapshots, names))
                .thenCompose(set -> withSoftLabels(set, labeller));
    }

    /** Adds the predictions of the network as soft labels, if the method uses them. */
    private CompletionStage<DistilledSet> withSoftLabels(DistilledSet set, NetworkId labeller) {
        if (!settings.method().hasObserver()) {
            return CompletableFuture.completedStage(set);
        }
        return actors.worker()
                .classify(new ClassifyTask(labeller, set.images()))
                .thenApply(answer -> answer.orThrow(reason -> "the soft labels could not be computed: " + reason
                        + "; try again, with a smaller --width if memory ran out"))
                .thenApply(computed -> set.withSoftLabels(computed.outcome().softLabels(TEMPERATURE)));
    }

    private DistilledSet toSet(List<ClassSnapshot> snapshots, List<String> names) {
        return DistilledSetAssembler.assemble(snapshots, ClassList.of(names), settings.factor(), plan.normalisation())
                .decoded();
    }
}
