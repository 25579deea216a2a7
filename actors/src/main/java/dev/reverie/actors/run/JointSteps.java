package dev.reverie.actors.run;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.engine.JointTask;
import dev.reverie.gpu.engine.JointTask.FitModel;
import dev.reverie.gpu.engine.JointTask.FollowExpert;
import dev.reverie.gpu.engine.JointTask.JointOutcome;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.joint.StudentLearningRate;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.method.TrajectorySettings;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The losses of all classes together, and the learning rate of the student, if the method trains one: in each loop, a
 * student follows a segment of the trajectory of one of the experts trained so far, or a model is fitted to the
 * synthetic images and compared with real images of all classes. Belongs to the coordinator.
 */
final class JointSteps {

    /**
     * Part of the seed of a rollout's batches and augmentation. Without it, they would be drawn from the same numbers
     * as the expert and the segment.
     */
    private static final long STEPS = 1;

    private final DistillationSettings settings;
    private final Optional<ExpertTrajectories> experts;
    private final RunActors actors;
    private Optional<StudentLearningRate> rate;

    JointSteps(
            DistillationSettings settings,
            Optional<ExpertTrajectories> experts,
            RunActors actors,
            Optional<StudentLearningRate> resumed) {
        this.settings = settings;
        this.experts = experts;
        this.actors = actors;
        this.rate = resumed.or(() -> settings.studentRate().map(student -> StudentLearningRate.of(student.initial())));
    }

    /** The learning rate of the student, if the method trains one. */
    Optional<StudentLearningRate> rate() {
        return rate;
    }

    /** Computes the loss of the current synthetic images of all classes. */
    CompletionStage<WorkerReply.Result<JointOutcome>> match(
            LoopPosition position, NetworkId network, List<ClassClient> classes) {
        CompletionStage<List<ImageBatch>> memory = actors.snapshots(classes)
                .thenApply(snapshots ->
                        snapshots.stream().map(snapshot -> snapshot.images()).toList());
        CompletionStage<JointTask> task = settings.trajectory()
                .map(trajectory -> following(position, network, trajectory, memory))
                .orElseGet(() -> fitting(position, network, classes, memory));
        return task.thenCompose(actors.worker()::matchJointly);
    }

    /** Lets the student follow a segment of a random expert trajectory. */
    private CompletionStage<JointTask> following(
            LoopPosition position,
            NetworkId network,
            TrajectorySettings trajectory,
            CompletionStage<List<ImageBatch>> memory) {
        RandomGenerator random = Seeds.generator(seed(position.outer(), position.inner()));
        int expert = random.nextInt(position.outer() + 1);
        int start = random.nextInt(trajectory.starts());
        double learningRate = rate.orElseThrow().value();
        ExpertTrajectories trained = experts.orElseThrow();
        return memory.thenApplyAsync(
                images -> new FollowExpert(
                        network,
                        images,
                        trained.epoch(expert, start),
                        trained.epoch(expert, start + trajectory.span()),
                        learningRate,
                        seed(position.outer(), position.inner(), STEPS)),
                actors.blocking());
    }

    /** Fits a model to the images, and compares it with as many random real images of each class. */
    private CompletionStage<JointTask> fitting(
            LoopPosition position,
            NetworkId network,
            List<ClassClient> classes,
            CompletionStage<List<ImageBatch>> memory) {
        int count = settings.representatives().count();
        double learningRate = rate.map(StudentLearningRate::value).orElse(1.0);
        CompletionStage<List<ClassActor.Images>> real = Asks.all(classes.stream()
                .map(one -> one.<ClassActor.Images>ask(
                        replyTo -> new ClassActor.SampleImages(count, realSeed(position, one.classIndex()), replyTo),
                        actors.scheduler()))
                .toList());
        return memory.thenCombine(
                real,
                (images, samples) -> new FitModel(
                        network,
                        images,
                        labelled(samples),
                        learningRate,
                        seed(position.outer(), position.inner(), STEPS)));
    }

    private long realSeed(LoopPosition position, int classIndex) {
        return Seeds.of(settings.seed(), Seeds.Purpose.REAL_BATCH, position.outer(), position.inner(), classIndex);
    }

    private static List<LabelledImage> labelled(List<ClassActor.Images> samples) {
        return IntStream.range(0, samples.size())
                .boxed()
                .flatMap(label -> samples.get(label).images().stream().map(image -> new LabelledImage(image, label)))
                .toList();
    }

    private long seed(long... coordinates) {
        return Seeds.of(settings.seed(), Seeds.Purpose.ROLLOUT, coordinates);
    }

    /**
     * Updates the student's learning rate after a step, and halves it if the student diverged.
     *
     * @return the reason why the loop must be skipped; empty if the loop continues
     */
    Optional<String> update(WorkerReply.Result<JointOutcome> answer) {
        return switch (answer) {
            case WorkerReply.Completed<JointOutcome>(var outcome, var seconds)
            when outcome.isFinite() -> {
                rate = rate.map(before -> before.step(
                        outcome.learningRateGradient(),
                        settings.studentRate().orElseThrow().step(),
                        settings.matching().momentum()));
                yield Optional.empty();
            }
            case WorkerReply.Completed<JointOutcome> diverged -> {
                rate = rate.map(StudentLearningRate::halved);
                yield Optional.of(
                        rate.isPresent()
                                ? "the student diverged, so its learning rate is halved from now on"
                                : "the loss of all classes is not finite");
            }
            case WorkerReply.Failed<JointOutcome>(var reason) ->
                Optional.of("the loss of all classes could not be computed: " + reason);
        };
    }
}
