package dev.reverie.actors.run;

import dev.reverie.actors.checkpoint.RunCheckpoint;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.loop.NetworkTrainer;
import dev.reverie.actors.schedule.EpochSampler;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.joint.StudentLearningRate;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.method.Seeds;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.Done;

/**
 * The matching networks of a run: restores them from a checkpoint, and trains them for the selection of the initial
 * images, before the first loop of an outer iteration, and after each loop. Belongs to the coordinator.
 */
final class RunNetworks {

    private final RunPlan plan;
    private final DistillationSettings settings;
    private final RunActors actors;
    private final WarmUp warmUp;
    private final SelectionTraining selection;
    private final Optional<ExpertTrajectories> experts;
    private final Optional<JointSteps> joint;
    private final Optional<ExpertGuidance> guidance;
    private final List<ClassClient> classes;
    private final EpochSampler sampler;
    private final NetworkTrainer trainer;
    private Optional<Ahead> ahead = Optional.empty();
    private EpochSampler.Cursor warmUpStart;
    private boolean abandonedWarmUp;

    /**
     * A training that has begun during a loop.
     *
     * @param visited completes when the loop has used the network
     */
    private record Ahead(
            CompletableFuture<Done> visited,
            CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> training) {

        /** Notes the end of the loop, from which on the trained network may replace the one that the loop used. */
        CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> end() {
            visited.complete(Done.getInstance());
            return training;
        }
    }

    RunNetworks(RunPlan plan, RunActors actors, List<ClassClient> classes) {
        this.plan = plan;
        this.settings = plan.settings();
        this.actors = actors;
        this.warmUp = WarmUp.of(settings);
        this.selection = new SelectionTraining(settings, actors, plan.resumed());
        this.classes = classes;
        this.sampler = samplerFrom(plan.resumed().map(RunCheckpoint::cursor).orElse(EpochSampler.Cursor.START));
        this.trainer = trainer(sampler);
        this.warmUpStart = sampler.cursor();
        this.experts = settings.experts()
                .map(training -> new ExpertTrajectories(
                        settings.seed(), training, plan.experts().orElseThrow(), actors));
        this.joint = settings.method().isJoint()
                ? Optional.of(
                        new JointSteps(settings, experts, actors, plan.resumed().flatMap(RunCheckpoint::studentRate)))
                : Optional.empty();
        this.guidance =
                settings.guidance().map(how -> new ExpertGuidance(settings.seed(), how, experts.orElseThrow(), actors));
    }

    private EpochSampler samplerFrom(EpochSampler.Cursor cursor) {
        return new EpochSampler(
                settings.seed(), classes.stream().map(this::trainingImages).toList(), cursor);
    }

    /** The number of images of a class on which the network is trained. */
    private int trainingImages(ClassClient one) {
        return settings.method().trainsOnMemory() ? settings.ipc() * settings.factor() * settings.factor() : one.size();
    }

    private NetworkTrainer trainer(EpochSampler images) {
        int batch = Math.min(settings.schedule().networkBatch(), images.total());
        return new NetworkTrainer(
                actors.worker(),
                actors.scheduler(),
                batch,
                images,
                classes.stream().collect(Collectors.toMap(ClassClient::classIndex, Function.identity())),
                settings.method().trainsOnMemory() ? ClassActor.ReadMemory::new : ClassActor.ReadImages::new);
    }

    /** The position in the images that the networks are trained on; an abandoned warm-up does not count. */
    EpochSampler.Cursor cursor() {
        return abandonedWarmUp ? warmUpStart : sampler.cursor();
    }

    /**
     * Copies the networks with which the next loop continues, without that of an abandoned warm-up. If that loop begins
     * an outer iteration, a new network will replace the oldest one of a full pool, so the oldest one is left out.
     */
    CompletionStage<List<NetworkState>> saved(LoopPosition position) {
        int iterations = abandonedWarmUp ? position.outer() : position.outer() + 1;
        return actors.worker().exportNetworks().thenApply(answer -> switch (answer) {
            case WorkerReply.Completed<List<NetworkState>>(var all, var _) -> {
                List<NetworkState> networks = all.stream()
                        .filter(state -> state.network().outer() < iterations)
                        .toList();
                boolean beginsIteration =
                        networks.stream().allMatch(state -> state.network().outer() < position.outer());
                int pool = settings.network().pool();
                int limit = beginsIteration ? pool - 1 : pool;
                yield networks.subList(Math.max(0, networks.size() - limit), networks.size());
            }
            case WorkerReply.Failed<List<NetworkState>> _ -> List.of();
        });
    }

    /** The matching network for the current classes in an outer iteration. */
    NetworkId at(LoopPosition position) {
        return new NetworkId(position.outer(), classes.size());
    }

    /** Restores the networks of the checkpoint, or trains the network that selects the initial images of a new run. */
    CompletionStage<Done> prepare() {
        return plan.resumed()
                .map(this::restoreNetworks)
                .orElseGet(() -> selection.train(at(LoopPosition.START), trainer, classes));
    }

    private CompletionStage<Done> restoreNetworks(RunCheckpoint checkpoint) {
        return checkpoint.networks().isEmpty()
                ? CompletableFuture.completedStage(Done.getInstance())
                : actors.worker()
                        .restoreNetworks(checkpoint.networks())
                        .thenApply(answer -> orThrow(answer, "the networks of the checkpoint could not be restored"));
    }

    /** Fails if the worker has lost the network that selects the initial images. */
    CompletionStage<Done> confirmSelection() {
        return selection.confirm(at(LoopPosition.START));
    }

    /** The parameters of the observer, if the method has one; fails if the worker has lost it. */
    CompletionStage<Optional<List<float[]>>> observer() {
        return selection.observer(at(LoopPosition.START));
    }

    static Done orThrow(WorkerReply.Result<?> answer, String what) {
        answer.orThrow(reason -> what + ": " + reason + "; try again, with a smaller --width if memory ran out");
        return Done.getInstance();
    }

    /**
     * Prepares, while a loop runs, the training that follows it: reads its images and, with several workers, trains a
     * copy of the network. Does nothing if the loop changes these images, or no training follows.
     */
    void trainAhead(LoopPosition position) {
        if (trainsAfterLoops() && !settings.method().trainsOnMemory()) {
            ahead = Optional.of(begin(position));
        }
    }

    private Ahead begin(LoopPosition position) {
        CompletableFuture<Done> visited = new CompletableFuture<>();
        return new Ahead(
                visited,
                trainer.trainAhead(
                        at(position),
                        settings.schedule().networkSamples(),
                        Seeds.of(settings.seed(), Seeds.Purpose.TRAIN, position.outer(), position.inner()),
                        settings.network().variation() == NetworkVariation.QUEUED,
                        visited));
    }

    /** The losses of all classes together, if the method has one. */
    Optional<JointSteps> joint() {
        return joint;
    }

    Optional<ExpertGuidance> guidance() {
        return guidance;
    }

    /** The student's learning rate, if the method trains one. */
    Optional<StudentLearningRate> studentRate() {
        return joint.flatMap(JointSteps::rate);
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
        boolean hasExpert =
                experts.filter(all -> before == 0 && all.has(position.outer())).isPresent();
        if (!isNew || trainedForSelection || hasExpert) {
            return 0;
        }
        int part = warmUp.part(before, WarmUp.MAX_PART);
        return experts.map(all -> Math.min(part, all.untilEpochEnd(before))).orElse(part);
    }

    /**
     * Trains a new network before its first loop.
     *
     * @param before number of images in the warm-up before this part
     */
    CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> warmUp(
            LoopPosition position, int samples, int before) {
        if (before == 0) {
            warmUpStart = sampler.cursor();
        }
        double rateShare = warmUp.rateShare(before);
        if (experts.isPresent()) {
            return experts.get().train(at(position), samples, before, rateShare, from -> trainer(samplerFrom(from)));
        }
        long seed = Seeds.of(settings.seed(), Seeds.Purpose.WARM_UP, position.outer(), before);
        return trainer.train(at(position), samples, seed, rateShare);
    }

    /**
     * Gives up a warm-up because the run ends. If it has begun, the next checkpoint is that of a run that has not begun
     * it. The sampler stays where it is, since the run begins no other loop.
     *
     * @param before number of images in the warm-up so far
     */
    void abandonWarmUp(int before) {
        abandonedWarmUp = before > 0;
    }

    /** Trains the newest network, or one of the queue, after a loop; empty if the schedule does not train any. */
    Optional<CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>>> train(LoopPosition position) {
        if (!trainsAfterLoops()) {
            return Optional.empty();
        }
        Ahead training = ahead.orElseGet(() -> begin(position));
        ahead = Optional.empty();
        return Optional.of(training.end());
    }

    private boolean trainsAfterLoops() {
        return settings.schedule().networkSamples() > 0;
    }
}
