package dev.reverie.actors.service;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.clustering.BackgroundClusteringActor;
import dev.reverie.actors.clustering.RefreshInterval;
import dev.reverie.actors.clustering.RepresentativeRefresh;
import dev.reverie.actors.loop.ClassInitialiser;
import dev.reverie.actors.loop.LoopCommand;
import dev.reverie.actors.loop.NetworkTrainer;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.schedule.TrainingSampler;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.GpuWorkerActor;
import dev.reverie.actors.worker.WorkerPool;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.select.SelectionRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Spawns the worker and the background clustering of a service, once the shape of its images is known. Belongs to the
 * coordinator.
 */
final class ServiceActors {

    /** Upper limit on the duration of a job: no other job takes as long as a refresh may. */
    private static final Duration LONGEST_JOB = RefreshInterval.LONGEST_REFRESH;

    private final ActorContext<?> context;
    private final DistillationSettings settings;
    private final ImageShape shape;
    private final Normalisation normalisation;
    private final TelemetryListener telemetry;
    private final Scheduler scheduler;
    private final List<ActorRef<GpuWorkerActor.Job<?>>> workers;
    private final WorkerPool worker;
    private final Optional<ActorRef<BackgroundClusteringActor.Command>> clustering;

    ServiceActors(
            ActorContext<?> context,
            ServicePlan plan,
            ImageShape shape,
            Normalisation normalisation,
            ActorRef<BackgroundClusteringActor.FirstRepresentatives> coordinator) {
        this.context = context;
        this.settings = plan.settings().apply(shape);
        this.shape = shape;
        this.normalisation = normalisation;
        this.telemetry = plan.telemetry();
        this.scheduler = context.getSystem().scheduler();
        this.workers = plan.engines().forEachWorker(settings, shape, normalisation).stream()
                .map(engines -> context.spawnAnonymous(
                        GpuWorkerActor.create(engines, plan.clock(), telemetry), GpuWorkerActor.DISPATCHER))
                .toList();
        this.worker = new WorkerPool(workers, scheduler, plan.clock());
        this.clustering = settings.composition()
                .representatives()
                .filter(selection -> selection != SelectionRule.RANDOM)
                .map(selection -> context.spawnAnonymous(BackgroundClusteringActor.create(
                        new RepresentativeRefresh(worker, selection, settings, telemetry, scheduler),
                        trainsNetwork()
                                ? plan.policy().refresh()
                                : plan.policy().refresh().forUntrainedNetworks(),
                        plan.clock(),
                        coordinator)));
    }

    void stop() {
        workers.forEach(context::stop);
        clustering.ifPresent(context::stop);
    }

    /** Time for which the worker has not replied, if it is longer than any job takes. */
    Optional<Duration> silence() {
        return Optional.of(worker.silence()).filter(silence -> silence.compareTo(LONGEST_JOB) > 0);
    }

    DistillationSettings settings() {
        return settings;
    }

    /** Gives a class its initial synthetic images. */
    CompletionStage<Done> initialise(ClassClient target, NetworkId network, int images) {
        return new ClassInitialiser(worker, settings.withIpc(images), normalisation, telemetry, scheduler)
                .initialise(target, network);
    }

    /**
     * Discards the networks of a pool, which outlasts an outer iteration. Required when classes get other outputs: in
     * an earlier network, the output of a class may stand for another class, and the calibration (DANCE) would draw its
     * images towards that class.
     */
    void discardNetworks() {
        if (settings.network().pool() > 1) {
            worker.restoreNetworks(List.of());
        }
    }

    ImageShape shape() {
        return shape;
    }

    List<LoopCommand.Assigned> visits(LoopPosition position, NetworkId network, List<ServiceClass> visited) {
        return visited.stream()
                .map(each -> new LoopCommand.Assigned(
                        new ClassVisit(position, each.classIndex(), each.output(), network.classes()),
                        each.ref(),
                        worker))
                .toList();
    }

    /** From now on, refreshes the representatives of these classes in the background. */
    void refreshRepresentatives(LoopPosition position, NetworkId network, List<ServiceClass> visited) {
        clustering.ifPresent(actor -> actor.tell(new BackgroundClusteringActor.SetMatchedClasses(
                position,
                network,
                visited.stream()
                        .map(each -> new BackgroundClusteringActor.MatchedClass(each.ref(), each.seen()))
                        .toList())));
    }

    /** Whether the network is trained after a loop. */
    boolean trainsNetwork() {
        return settings.schedule().networkSamples() > 0;
    }

    /** Trains the network after a loop. */
    CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> train(
            NetworkTrainer trainer, LoopPosition position, NetworkId network) {
        long seed = Seeds.of(settings.seed(), Seeds.Purpose.TRAIN, position.outer(), position.inner());
        return trainer.train(network, settings.schedule().networkSamples(), seed, 1);
    }

    /**
     * Creates a trainer that trains the network on images of these classes. A sealed class has only synthetic images.
     * If one of the classes is sealed, the network is trained on synthetic images of all classes, since it would
     * otherwise learn to tell real images from synthetic ones. Real images are read while the loop runs; synthetic
     * images are read after the loop, because the loop changes them.
     */
    NetworkTrainer trainer(LoopPosition position, List<ServiceClass> classes) {
        long seed = Seeds.of(settings.seed(), Seeds.Purpose.SHUFFLE, position.outer(), position.inner());
        boolean onMemory = settings.method().trainsOnMemory()
                || classes.stream().anyMatch(each -> each.phase() == ClassPhase.SEALED);
        NetworkTrainer trainer = new NetworkTrainer(
                worker,
                scheduler,
                settings.schedule().networkBatch(),
                TrainingSampler.balanced(
                        Seeds.generator(seed),
                        classes.stream().map(ServiceClass::output).toList()),
                classes.stream().collect(Collectors.toMap(ServiceClass::output, ServiceClass::reader)),
                onMemory ? ClassActor.ReadMemory::new : ClassActor.ReadImages::new);
        if (!onMemory) {
            trainer.readAhead(settings.schedule().networkSamples());
        }
        return trainer;
    }
}
