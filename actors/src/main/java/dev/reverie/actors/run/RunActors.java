package dev.reverie.actors.run;

import dev.reverie.actors.Asks;
import dev.reverie.actors.checkpoint.RunCheckpoint;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.ClassMemory;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.clustering.ClusteringActor;
import dev.reverie.actors.clustering.RepresentativeRefresh;
import dev.reverie.actors.loop.ClassInitialiser;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryActor;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.GpuWorkerActor;
import dev.reverie.actors.worker.RetryingWorker;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.select.SelectionRule;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Spawns and watches the actors of a run: workers, classes, clustering, telemetry. Belongs to the coordinator. */
final class RunActors {

    private final ActorContext<?> context;
    private final DistillationSettings settings;
    private final ActorRef<TelemetryActor.Command> telemetryActor;
    private final TelemetryListener telemetry;
    private final RetryingWorker worker;
    private final ClassInitialiser initialiser;
    private final Optional<ActorRef<ClusteringActor.Command>> clustering;
    private int classesSpawned;

    RunActors(
            ActorContext<?> context,
            RunPlan plan,
            List<Supplier<DistillationEngine>> engines,
            InstantSource clock,
            List<TelemetryListener> listeners) {
        this.context = context;
        this.settings = plan.settings();
        this.telemetryActor = watched(context.spawn(TelemetryActor.create(listeners), "telemetry"));
        this.telemetry = TelemetryActor.publisher(telemetryActor);
        this.worker = new RetryingWorker(
                IntStream.range(0, engines.size())
                        .mapToObj(i -> watched(context.spawn(
                                GpuWorkerActor.create(engines.get(i), clock, telemetry),
                                "worker-" + i,
                                GpuWorkerActor.DISPATCHER)))
                        .toList(),
                scheduler(),
                clock);
        this.initialiser = new ClassInitialiser(worker, settings, plan.normalisation(), telemetry, scheduler());
        this.clustering = settings.composition()
                .representatives()
                .filter(selection -> selection != SelectionRule.RANDOM)
                .map(selection -> spawnClustering(selection, plan.resumed()));
    }

    private ActorRef<ClusteringActor.Command> spawnClustering(
            SelectionRule selection, Optional<RunCheckpoint> resumed) {
        RepresentativeRefresh refresh = new RepresentativeRefresh(worker, selection, settings, telemetry, scheduler());
        Map<Integer, LoopPosition> refreshedAt = resumed.map(RunCheckpoint::classes).orElse(List.of()).stream()
                .filter(snapshot -> snapshot.refreshedAt().isPresent())
                .collect(Collectors.toMap(
                        ClassSnapshot::label, snapshot -> snapshot.refreshedAt().orElseThrow()));
        int interval = settings.representatives().interval();
        return watched(context.spawn(ClusteringActor.create(refresh, interval, refreshedAt), "clustering"));
    }

    /** Spawns a class that has no synthetic images yet. */
    ClassRef spawn(int label, ClassImages images) {
        return spawn(label, images, new ClassMemory(label, images.images(), settings));
    }

    /** Spawns a class in the state of a checkpoint. */
    ClassRef restore(ClassSnapshot snapshot, ClassImages images) {
        return spawn(snapshot.label(), images, ClassMemory.restored(snapshot, images.images(), settings));
    }

    private ClassRef spawn(int label, ClassImages images, ClassMemory memory) {
        String actorName = "class-" + label + "-" + classesSpawned++;
        ActorRef<ClassActor.Command> actor = watched(context.spawn(ClassActor.create(memory), actorName));
        return new ClassRef(label, images.name(), images.size(), actor);
    }

    void stop(ClassRef one) {
        context.unwatch(one.actor());
        context.stop(one.actor());
    }

    private <M> ActorRef<M> watched(ActorRef<M> actor) {
        context.watch(actor);
        return actor;
    }

    /** Refreshes the representatives that are due; does nothing for a method that has none or draws them at random. */
    CompletionStage<ClusteringActor.Reply> refreshRepresentatives(
            LoopPosition position, NetworkId network, List<ClassRef> classes) {
        return clustering
                .<CompletionStage<ClusteringActor.Reply>>map(actor -> Asks.ask(
                        actor,
                        replyTo -> new ClusteringActor.Refresh(position, network, classes, replyTo),
                        scheduler()))
                .orElseGet(() -> CompletableFuture.completedStage(new ClusteringActor.Refreshed(0)));
    }

    /** Completes when the listeners have received every event published so far. */
    CompletionStage<Done> flushTelemetry() {
        return Asks.ask(telemetryActor, TelemetryActor.Flush::new, scheduler());
    }

    TelemetryListener telemetry() {
        return telemetry;
    }

    RetryingWorker worker() {
        return worker;
    }

    ClassInitialiser initialiser() {
        return initialiser;
    }

    CheckpointCollector collector() {
        return new CheckpointCollector(worker, scheduler(), settings.network().pool());
    }

    /** Threads for file access, which blocks. */
    Executor blocking() {
        return context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
    }

    Scheduler scheduler() {
        return context.getSystem().scheduler();
    }
}
