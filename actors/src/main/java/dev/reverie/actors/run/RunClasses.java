package dev.reverie.actors.run;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.checkpoint.Checkpoint;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.classes.DistilledClasses;
import dev.reverie.actors.loop.NetworkTrainer;
import dev.reverie.actors.loop.VisitCommand;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.EpochSampler;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.engine.ClassifyOutcome;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.engine.TrainOutcome;
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

/** The classes that take part, and what is done with all of them at once. Owned by the coordinator. */
final class RunClasses {

    /** Times that a network in training is watched for what it forgets. */
    private static final int WATCHED_ROUNDS = 20;

    /** Of soft labels: crops that a network is sure of say little more than their class at 1. */
    private static final double TEMPERATURE = 4;

    /** Some seconds of training at the published width. */
    private static final int WARM_UP_PIECE = 4096;

    private final RunPlan plan;
    private final DistillationSettings settings;
    private final RunActors crew;
    private final List<ClassRef> members = new ArrayList<>();
    private final List<ClassImages> joined = new ArrayList<>();
    private final Optional<ExpertTrajectories> trajectories;
    private EpochSampler order;
    private NetworkTrainer trainer;

    RunClasses(RunPlan plan, RunActors crew) {
        this.plan = plan;
        this.settings = plan.settings();
        this.crew = crew;
        List<ClassImages> classes = plan.classes();
        IntStream.range(0, classes.size())
                .mapToObj(label -> plan.resumed()
                        .map(from -> crew.restore(from.classes().get(label), classes.get(label)))
                        .orElseGet(() -> crew.spawn(label, classes.get(label))))
                .forEach(members::add);
        joined.addAll(classes.subList(plan.fromDataset(), classes.size()));
        this.order = orderFrom(plan.resumed().map(Checkpoint::cursor).orElse(EpochSampler.Cursor.START));
        this.trainer = trainer(order);
        this.trajectories = settings.trajectory()
                .map(trajectory -> new ExpertTrajectories(
                        settings,
                        trajectory,
                        plan.experts().orElseThrow(),
                        crew,
                        plan.resumed().flatMap(Checkpoint::studentRate)));
    }

    private EpochSampler orderFrom(EpochSampler.Cursor cursor) {
        return new EpochSampler(
                settings.seed(), members.stream().map(this::trainingImages).toList(), cursor);
    }

    /** Images of a class that the network is trained on. */
    private int trainingImages(ClassRef member) {
        return settings.method().trainsOnMemory()
                ? settings.ipc() * settings.factor() * settings.factor()
                : member.size();
    }

    private NetworkTrainer trainer(EpochSampler reading) {
        int batch = Math.min(settings.schedule().networkBatch(), reading.total());
        return new NetworkTrainer(
                crew.worker(),
                crew.scheduler(),
                batch,
                reading,
                members.stream().collect(Collectors.toMap(ClassRef::label, Function.identity())),
                settings.method().trainsOnMemory() ? ClassActor.ReadMemory::new : ClassActor.ReadImages::new);
    }

    List<ClassRef> members() {
        return List.copyOf(members);
    }

    /** The network that all classes there are now are matched against in an outer iteration. */
    NetworkId network(LoopPosition position) {
        return new NetworkId(position.outer(), members.size());
    }

    /** One for each class, in their order. */
    List<VisitCommand.Assigned> visits(LoopPosition position) {
        return IntStream.range(0, members.size())
                .mapToObj(turn -> new VisitCommand.Assigned(
                        new ClassVisit(position, members.get(turn).label(), turn, members.size()),
                        members.get(turn),
                        crew.worker()))
                .toList();
    }

    /** Makes the classes ready for their first loop. */
    CompletionStage<Done> prepare() {
        return plan.resumed().map(this::restoreNetwork).orElseGet(this::initialise);
    }

    private CompletionStage<Done> restoreNetwork(Checkpoint checkpoint) {
        return checkpoint.networks().isEmpty()
                ? CompletableFuture.completedStage(Done.getInstance())
                : crew.worker()
                        .restoreNetworks(checkpoint.networks())
                        .thenCompose(answer -> orFail(answer, "the networks could not be restored"));
    }

    private CompletionStage<Done> initialise() {
        NetworkId network = network(LoopPosition.START);
        return trainForSelection(network).thenCompose(done -> crew.initialiser().initialiseAll(members(), network));
    }

    private CompletionStage<Done> trainForSelection(NetworkId network) {
        int samples = settings.schedule().selectionSamples();
        if (!settings.method().choosesByTrainedFeatures() || samples == 0) {
            return CompletableFuture.completedStage(Done.getInstance());
        }
        return settings.composition().initialiser() == Initialiser.FORGETTING
                ? trainWatched(network, samples, 0)
                : trainForSelection(network, samples, Seeds.of(settings.seed(), Seeds.Purpose.FEATURES));
    }

    private CompletionStage<Done> trainForSelection(NetworkId network, int samples, long draw) {
        return trainer.train(network, samples, draw)
                .thenCompose(answer -> orFail(answer, "the network for the selection could not be trained"));
    }

    /** In rounds, after each of which it is noted what the network gets right. */
    private CompletionStage<Done> trainWatched(NetworkId network, int samples, int round) {
        if (round == WATCHED_ROUNDS) {
            return CompletableFuture.completedStage(Done.getInstance());
        }
        long draw = Seeds.of(settings.seed(), Seeds.Purpose.FEATURES, round);
        return trainForSelection(network, Math.ceilDiv(samples, WATCHED_ROUNDS), draw)
                .thenCompose(done -> crew.initialiser().watch(members(), network))
                .thenCompose(done -> trainWatched(network, samples, round + 1));
    }

    private static <T> CompletionStage<Done> orFail(WorkerReply.Answer<T> answer, String what) {
        return switch (answer) {
            case WorkerReply.Completed<T> completed -> CompletableFuture.completedStage(Done.getInstance());
            case WorkerReply.Failed<T>(var reason) ->
                CompletableFuture.failedStage(new DistillationException(what + ": " + reason));
        };
    }

    /** Tells which classes take part, and where they are short of images. */
    void announce() {
        announce(members);
    }

    private void announce(List<ClassRef> some) {
        plan.shortages(some).forEach(shortage -> crew.telemetry().on(new TelemetryEvent.Warning(shortage)));
        some.forEach(member -> crew.telemetry()
                .on(new TelemetryEvent.ClassJoined(member.label(), member.name(), member.size(), settings.ipc())));
    }

    /** A new class, not yet taking part. */
    ClassRef applicant(RunCommand.AddClass request) {
        return crew.spawn(members.size(), new ClassImages(request.name(), request.images()));
    }

    /** Gives an applicant its initial images; fails if they can't be chosen. */
    CompletionStage<Done> initialise(ClassRef applicant, LoopPosition position) {
        return crew.initialiser().initialise(applicant, new NetworkId(position.outer(), applicant.label() + 1));
    }

    /** The class will not take part. */
    void dismiss(ClassRef applicant) {
        crew.dismiss(applicant);
    }

    /** The class takes part from now on. */
    void admit(ClassRef member, RunCommand.AddClass request) {
        members.add(member);
        joined.add(new ClassImages(request.name(), request.images()));
        order = orderFrom(order.cursor().afterChange());
        trainer = trainer(order);
        announce(List.of(member));
    }

    void clamp() {
        members.forEach(member -> member.actor().tell(new ClassActor.Clamp()));
    }

    /** Gathers, during a loop, what the network is trained on after it, unless the loop changes it. */
    void readAhead() {
        if (settings.schedule().networkSamples() > 0 && !settings.method().trainsOnMemory()) {
            trainer.readAhead(settings.schedule().networkSamples());
        }
    }

    /** The student and its experts, where the method has them. */
    Optional<ExpertTrajectories> trajectories() {
        return trajectories;
    }

    /**
     * Real images the network of an outer iteration is to be trained on next, before its first loop; 0 if it has seen
     * all. In pieces, so that whoever wants the run to stop need not wait for all of it.
     *
     * @param before seen already
     */
    int warmUp(LoopPosition position, int before) {
        boolean fresh = position.inner() == 0;
        boolean trainedForSelection = position.outer() == 0 && settings.method().choosesByTrainedFeatures();
        boolean isThere = trajectories
                .filter(one -> before == 0 && one.has(position.outer()))
                .isPresent();
        if (!fresh || trainedForSelection || isThere) {
            return 0;
        }
        int piece = Math.min(WARM_UP_PIECE, settings.schedule().warmUpSamples() - before);
        return trajectories.map(one -> Math.min(piece, one.untilKept(before))).orElse(piece);
    }

    /**
     * Trains a fresh network before its first loop.
     *
     * @param samples real images to be seen
     * @param before seen already
     */
    CompletionStage<WorkerReply.Answer<TrainOutcome>> warmUp(LoopPosition position, int samples, int before) {
        if (trajectories.isPresent()) {
            return trajectories.get().train(network(position), samples, before, from -> trainer(orderFrom(from)));
        }
        long draw = Seeds.of(settings.seed(), Seeds.Purpose.WARM_UP, position.outer(), before);
        return trainer.train(network(position), samples, draw);
    }

    /** Trains the network after a loop. */
    CompletionStage<WorkerReply.Answer<TrainOutcome>> train(LoopPosition position) {
        long draw = Seeds.of(settings.seed(), Seeds.Purpose.TRAIN, position.outer(), position.inner());
        return trainer.train(network(position), settings.schedule().networkSamples(), draw);
    }

    CompletionStage<Checkpoint> checkpoint(RunPlan.Storage storage, LoopPosition position) {
        return crew.collector()
                .checkpoint(
                        storage,
                        position,
                        order.cursor(),
                        members(),
                        List.copyOf(joined),
                        trajectories.map(ExpertTrajectories::rate));
    }

    CompletionStage<DistilledSet> distilledSet() {
        List<String> names = members.stream().map(ClassRef::name).toList();
        return crew.collector()
                .classes(members())
                .thenApply(classes -> toSet(classes, names))
                .thenCompose(this::labelled);
    }

    /** With what the network says of the images, where the method asks it. */
    private CompletionStage<DistilledSet> labelled(DistilledSet set) {
        if (!settings.method().labelsSoftly()) {
            return CompletableFuture.completedStage(set);
        }
        return crew.worker()
                .classify(new ClassifyTask(network(LoopPosition.START), set.images()))
                .thenCompose(answer -> switch (answer) {
                    case WorkerReply.Completed<ClassifyOutcome>(var seen, var seconds) ->
                        CompletableFuture.completedStage(set.withSoftLabels(seen.softLabels(TEMPERATURE)));
                    case WorkerReply.Failed<ClassifyOutcome>(var reason) ->
                        CompletableFuture.failedStage(
                                new DistillationException("the images could not be labelled: " + reason));
                });
    }

    private DistilledSet toSet(List<ClassSnapshot> classes, List<String> names) {
        return DistilledClasses.toSet(classes, names, settings.factor(), plan.normalisation());
    }
}
