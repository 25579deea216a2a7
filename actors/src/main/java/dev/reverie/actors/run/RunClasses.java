package dev.reverie.actors.run;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.checkpoint.RunCheckpoint;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.classes.DistilledClasses;
import dev.reverie.actors.loop.LoopCommand;
import dev.reverie.actors.loop.NetworkTrainer;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.EpochSampler;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.engine.ClassifyOutcome;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.engine.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.Done;

/**
 * The classes of a run, and the operations on all of them: initialisation, training of the network, checkpoint,
 * distilled set. Belongs to the coordinator.
 */
final class RunClasses {

    /**
     * Number of parts into which the training for the forgetting initialiser is split; forgetting is recorded after
     * each part.
     */
    private static final int FORGETTING_PARTS = 20;

    /**
     * Softmax temperature of soft labels; at 1, soft labels of confident predictions would hardly differ from hard
     * labels.
     */
    private static final double TEMPERATURE = 4;

    /** Number of images per part of the warm-up; a part takes a few seconds at the published width. */
    private static final int WARM_UP_PART = 4096;

    private final RunPlan plan;
    private final DistillationSettings settings;
    private final RunActors actors;
    private final List<ClassRef> classes = new ArrayList<>();
    private final List<ClassImages> joined = new ArrayList<>();
    private final Optional<ExpertTrajectories> trajectories;
    private EpochSampler sampler;
    private NetworkTrainer trainer;

    RunClasses(RunPlan plan, RunActors actors) {
        this.plan = plan;
        this.settings = plan.settings();
        this.actors = actors;
        List<ClassImages> images = plan.classes();
        IntStream.range(0, images.size())
                .mapToObj(label -> plan.resumed()
                        .map(from -> actors.restore(from.classes().get(label), images.get(label)))
                        .orElseGet(() -> actors.spawn(label, images.get(label))))
                .forEach(classes::add);
        joined.addAll(images.subList(plan.fromDataset(), images.size()));
        this.sampler = samplerFrom(plan.resumed().map(RunCheckpoint::cursor).orElse(EpochSampler.Cursor.START));
        this.trainer = trainer(sampler);
        this.trajectories = settings.trajectory()
                .map(trajectory -> new ExpertTrajectories(
                        settings,
                        trajectory,
                        plan.experts().orElseThrow(),
                        actors,
                        plan.resumed().flatMap(RunCheckpoint::studentRate)));
    }

    private EpochSampler samplerFrom(EpochSampler.Cursor cursor) {
        return new EpochSampler(
                settings.seed(), classes.stream().map(this::trainingImages).toList(), cursor);
    }

    /** The number of images of a class on which the network is trained. */
    private int trainingImages(ClassRef one) {
        return settings.method().trainsOnMemory() ? settings.ipc() * settings.factor() * settings.factor() : one.size();
    }

    private NetworkTrainer trainer(EpochSampler images) {
        int batch = Math.min(settings.schedule().networkBatch(), images.total());
        return new NetworkTrainer(
                actors.worker(),
                actors.scheduler(),
                batch,
                images,
                classes.stream().collect(Collectors.toMap(ClassRef::label, Function.identity())),
                settings.method().trainsOnMemory() ? ClassActor.ReadMemory::new : ClassActor.ReadImages::new);
    }

    List<ClassRef> all() {
        return List.copyOf(classes);
    }

    /** The matching network for the current classes in an outer iteration. */
    NetworkId network(LoopPosition position) {
        return new NetworkId(position.outer(), classes.size());
    }

    /** One visit per class, in class order. */
    List<LoopCommand.Assigned> visits(LoopPosition position) {
        return IntStream.range(0, classes.size())
                .mapToObj(turn -> new LoopCommand.Assigned(
                        new ClassVisit(position, classes.get(turn).label(), turn, classes.size()),
                        classes.get(turn),
                        actors.worker()))
                .toList();
    }

    /** Restores the networks of the checkpoint, or gives all classes of a new run their initial images. */
    CompletionStage<Done> prepare() {
        return plan.resumed().map(this::restoreNetworks).orElseGet(this::initialise);
    }

    private CompletionStage<Done> restoreNetworks(RunCheckpoint checkpoint) {
        return checkpoint.networks().isEmpty()
                ? CompletableFuture.completedStage(Done.getInstance())
                : actors.worker()
                        .restoreNetworks(checkpoint.networks())
                        .thenCompose(answer -> orFail(answer, "the networks of the checkpoint could not be restored"));
    }

    private CompletionStage<Done> initialise() {
        NetworkId network = network(LoopPosition.START);
        return trainForSelection(network)
                .thenCompose(done -> actors.initialiser().initialiseAll(all(), network));
    }

    private CompletionStage<Done> trainForSelection(NetworkId network) {
        int samples = settings.schedule().selectionSamples();
        if (!settings.method().initialisesByTrainedNetwork() || samples == 0) {
            return CompletableFuture.completedStage(Done.getInstance());
        }
        return settings.composition().initialiser() == Initialiser.FORGETTING
                ? trainRecordingForgetting(network, samples, 0)
                : trainForSelection(network, samples, Seeds.of(settings.seed(), Seeds.Purpose.FEATURES));
    }

    private CompletionStage<Done> trainForSelection(NetworkId network, int samples, long draw) {
        return trainer.train(network, samples, draw)
                .thenCompose(
                        answer -> orFail(answer, "the network that selects the initial images could not be trained"));
    }

    /** Trains in parts and records after each part which images the network classifies correctly. */
    private CompletionStage<Done> trainRecordingForgetting(NetworkId network, int samples, int part) {
        if (part == FORGETTING_PARTS) {
            return CompletableFuture.completedStage(Done.getInstance());
        }
        long draw = Seeds.of(settings.seed(), Seeds.Purpose.FEATURES, part);
        return trainForSelection(network, Math.ceilDiv(samples, FORGETTING_PARTS), draw)
                .thenCompose(done -> actors.initialiser().recordForgetting(all(), network))
                .thenCompose(done -> trainRecordingForgetting(network, samples, part + 1));
    }

    private static <T> CompletionStage<Done> orFail(WorkerReply.Result<T> answer, String what) {
        return switch (answer) {
            case WorkerReply.Completed<T> completed -> CompletableFuture.completedStage(Done.getInstance());
            case WorkerReply.Failed<T>(var reason) ->
                CompletableFuture.failedStage(new DistillationException(
                        what + ": " + reason + "; try again, with a smaller --width if memory ran out"));
        };
    }

    /** Publishes an event for each class, and warnings about classes with few images. */
    void announce() {
        announce(classes);
    }

    private void announce(List<ClassRef> some) {
        plan.shortages(some).forEach(shortage -> actors.telemetry().on(new TelemetryEvent.Warning(shortage)));
        some.forEach(one -> actors.telemetry()
                .on(new TelemetryEvent.ClassJoined(one.label(), one.name(), one.size(), settings.ipc())));
    }

    /** Spawns a class that has not joined yet. */
    ClassRef spawn(RunCommand.AddClass request) {
        return actors.spawn(classes.size(), new ClassImages(request.name(), request.images()));
    }

    CompletionStage<Done> initialise(ClassRef joining, LoopPosition position) {
        return actors.initialiser().initialise(joining, new NetworkId(position.outer(), joining.label() + 1));
    }

    /** Stops a class that does not join. */
    void stop(ClassRef joining) {
        actors.stop(joining);
    }

    /** Adds an initialised class to the run. */
    void add(ClassRef joining, RunCommand.AddClass request) {
        classes.add(joining);
        joined.add(new ClassImages(request.name(), request.images()));
        sampler = samplerFrom(sampler.cursor().afterChange());
        trainer = trainer(sampler);
        announce(List.of(joining));
    }

    void clamp() {
        classes.forEach(one -> one.actor().tell(new ClassActor.Clamp()));
    }

    /** While a loop runs, reads the images for the training after it, unless the loop changes these images. */
    void readAhead() {
        if (settings.schedule().networkSamples() > 0 && !settings.method().trainsOnMemory()) {
            trainer.readAhead(settings.schedule().networkSamples());
        }
    }

    /** The experts and the student, if the method is trajectory matching. */
    Optional<ExpertTrajectories> trajectories() {
        return trajectories;
    }

    /**
     * The number of real images in the next part of a network's warm-up; 0 if the warm-up is complete. The warm-up is
     * the training of a network before its first loop. It has several parts so that a run can stop between them.
     *
     * @param before number of images in the warm-up so far
     */
    int warmUpSamples(LoopPosition position, int before) {
        boolean isNew = position.inner() == 0;
        boolean trainedForSelection = position.outer() == 0 && settings.method().initialisesByTrainedNetwork();
        boolean hasExpert = trajectories
                .filter(experts -> before == 0 && experts.has(position.outer()))
                .isPresent();
        if (!isNew || trainedForSelection || hasExpert) {
            return 0;
        }
        int part = Math.min(WARM_UP_PART, settings.schedule().warmUpSamples() - before);
        return trajectories
                .map(experts -> Math.min(part, experts.untilEpochEnd(before)))
                .orElse(part);
    }

    /**
     * Trains a new network before its first loop.
     *
     * @param samples number of real images to train on
     * @param before number of images in the warm-up before this part
     */
    CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> warmUp(
            LoopPosition position, int samples, int before) {
        if (trajectories.isPresent()) {
            return trajectories.get().train(network(position), samples, before, from -> trainer(samplerFrom(from)));
        }
        long draw = Seeds.of(settings.seed(), Seeds.Purpose.WARM_UP, position.outer(), before);
        return trainer.train(network(position), samples, draw);
    }

    /** Trains the network after a loop; empty if the schedule does not train it. */
    Optional<CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>>> train(LoopPosition position) {
        int samples = settings.schedule().networkSamples();
        long draw = Seeds.of(settings.seed(), Seeds.Purpose.TRAIN, position.outer(), position.inner());
        return samples == 0 ? Optional.empty() : Optional.of(trainer.train(network(position), samples, draw));
    }

    CompletionStage<RunCheckpoint> checkpoint(RunPlan.Storage storage, LoopPosition position) {
        return actors.collector()
                .checkpoint(
                        storage,
                        position,
                        sampler.cursor(),
                        all(),
                        List.copyOf(joined),
                        trajectories.map(ExpertTrajectories::rate));
    }

    CompletionStage<DistilledSet> distilledSet() {
        List<String> names = classes.stream().map(ClassRef::name).toList();
        return actors.collector()
                .snapshots(all())
                .thenApply(snapshots -> toSet(snapshots, names))
                .thenCompose(this::withSoftLabels);
    }

    /** Adds the predictions of the network as soft labels, if the method uses them. */
    private CompletionStage<DistilledSet> withSoftLabels(DistilledSet set) {
        if (!settings.method().labelsSoftly()) {
            return CompletableFuture.completedStage(set);
        }
        return actors.worker()
                .classify(new ClassifyTask(network(LoopPosition.START), set.images()))
                .thenCompose(answer -> switch (answer) {
                    case WorkerReply.Completed<ClassifyOutcome>(var predictions, var seconds) ->
                        CompletableFuture.completedStage(set.withSoftLabels(predictions.softLabels(TEMPERATURE)));
                    case WorkerReply.Failed<ClassifyOutcome>(var reason) ->
                        CompletableFuture.failedStage(
                                new DistillationException("the soft labels could not be computed: " + reason
                                        + "; try again, with a smaller --width if memory ran out"));
                });
    }

    private DistilledSet toSet(List<ClassSnapshot> snapshots, List<String> names) {
        return DistilledClasses.toSet(snapshots, ClassList.of(names), settings.factor(), plan.normalisation());
    }
}
