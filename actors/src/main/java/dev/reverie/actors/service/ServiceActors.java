package dev.reverie.actors.service;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.clustering.BackgroundClusteringActor;
import dev.reverie.actors.clustering.RepresentativeRefresh;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.actors.loop.ClassInitialiser;
import dev.reverie.actors.loop.NetworkTrainer;
import dev.reverie.actors.loop.VisitCommand;
import dev.reverie.actors.schedule.BalancedSampler;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.GpuWorkerActor;
import dev.reverie.actors.worker.RetryingWorker;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.engine.TrainOutcome;
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
 * The actors that a live distillation works with once it knows what images it is about. Owned by the coordinator, whose
 * children they are.
 */
final class ServiceActors {

    /** The longest job, choosing from a full reservoir of large images on few cores, takes a fraction of it. */
    private static final Duration LONGEST_JOB = Duration.ofMinutes(10);

    private final ActorContext<?> context;
    private final DistillationSettings settings;
    private final ImageShape shape;
    private final TelemetryListener telemetry;
    private final Scheduler scheduler;
    private final ActorRef<GpuWorkerActor.Command> device;
    private final RetryingWorker worker;
    private final Optional<ActorRef<BackgroundClusteringActor.Command>> clustering;

    ServiceActors(
            ActorContext<?> context,
            ServicePlan plan,
            ImageShape shape,
            Normalisation normalisation,
            TelemetryListener telemetry) {
        this.context = context;
        this.settings = plan.settings().apply(shape);
        this.shape = shape;
        this.telemetry = telemetry;
        this.scheduler = context.getSystem().scheduler();
        this.device = context.spawnAnonymous(
                GpuWorkerActor.create(
                        () -> plan.engines().open(settings, shape, normalisation), plan.clock(), telemetry),
                GpuWorkerActor.DISPATCHER);
        this.worker = new RetryingWorker(device, scheduler, plan.clock());
        this.clustering = settings.composition()
                .representatives()
                .filter(selection -> selection != SelectionRule.RANDOM)
                .map(selection -> context.spawnAnonymous(BackgroundClusteringActor.create(
                        new RepresentativeRefresh(worker, selection, settings, telemetry, scheduler),
                        plan.policy().freshness(),
                        plan.clock())));
    }

    /** There is nothing to learn from these images any more. */
    void dismiss() {
        context.stop(device);
        clustering.ifPresent(context::stop);
    }

    /** How long the worker has answered nothing, if that is longer than any job takes. */
    Optional<Duration> silence() {
        return Optional.of(worker.silence()).filter(silence -> silence.compareTo(LONGEST_JOB) > 0);
    }

    DistillationSettings settings() {
        return settings;
    }

    /** Gives a class its first learned images, so many. */
    CompletionStage<Done> initialise(ClassRef member, NetworkId network, int images) {
        return new ClassInitialiser(worker, settings.withIpc(images), telemetry, scheduler).initialise(member, network);
    }

    /** Bytes of an image, one for each pixel of each channel. */
    int imageBytes() {
        return shape.size();
    }

    /** One for each class. */
    List<VisitCommand.Assigned> visits(LoopPosition position, NetworkId network, List<ServiceClass> visited) {
        return visited.stream()
                .map(each -> new VisitCommand.Assigned(
                        new ClassVisit(position, each.label(), each.output(), network.classes()),
                        each.member(),
                        worker))
                .toList();
    }

    /** These classes are matched from now on: their representatives are to be kept fresh. */
    void attend(LoopPosition position, NetworkId network, List<ServiceClass> visited) {
        clustering.ifPresent(actor -> actor.tell(new BackgroundClusteringActor.Attend(
                position,
                network,
                visited.stream()
                        .map(each -> new BackgroundClusteringActor.Attended(each.member(), each.seen()))
                        .toList())));
    }

    /** Images that the network is trained on after a loop; none where it is not. */
    int samples() {
        return settings.schedule().networkSamples();
    }

    /** Trains the network after the loop at that position. */
    CompletionStage<WorkerReply.Answer<TrainOutcome>> train(
            NetworkTrainer trainer, LoopPosition position, NetworkId network) {
        long draw = Seeds.of(settings.seed(), Seeds.Purpose.TRAIN, position.outer(), position.inner());
        return trainer.train(network, samples(), draw);
    }

    /**
     * Trains the network after a loop on images of all these classes. Where some are sealed, and there are learned
     * images of them alone, so it is for all of them: otherwise the network would learn to tell real images from
     * learned ones. So it is for methods that train on learned images as a matter of course. Real images are gathered
     * during the loop already; learned ones after it, since it changes them.
     */
    NetworkTrainer trainer(LoopPosition position, List<ServiceClass> classes) {
        long draw = Seeds.of(settings.seed(), Seeds.Purpose.SHUFFLE, position.outer(), position.inner());
        boolean onMemory = settings.method().trainsOnMemory()
                || classes.stream().anyMatch(each -> each.phase() == ClassPhase.SEALED);
        NetworkTrainer trainer = new NetworkTrainer(
                worker,
                scheduler,
                settings.schedule().networkBatch(),
                new BalancedSampler(
                        Seeds.generator(draw),
                        classes.stream().map(ServiceClass::output).toList()),
                classes.stream().collect(Collectors.toMap(ServiceClass::output, ServiceClass::member)),
                onMemory ? ClassActor.ReadMemory::new : ClassActor.ReadImages::new);
        if (!onMemory) {
            trainer.readAhead(samples());
        }
        return trainer;
    }
}
