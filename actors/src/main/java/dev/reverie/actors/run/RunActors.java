package dev.reverie.actors.run;

import dev.reverie.actors.Asks;
import dev.reverie.actors.checkpoint.RunCheckpoint;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.ClassMemory;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.clustering.RepresentativeRefresh;
import dev.reverie.actors.clustering.RunClustering;
import dev.reverie.actors.loop.ClassInitialiser;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryActor;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.GpuWorkerActor;
import dev.reverie.actors.worker.WorkerPool;
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
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Spawns and watches the actors of a run: workers, classes, telemetry. Belongs to the coordinator. */
final class RunActors {

    private final ActorContext<RunCommand> context;
    private final DistillationSettings settings;
    private final ActorRef<TelemetryActor.Command> telemetryActor;
    private final TelemetryListener telemetry;
    private final WorkerPool worker;
    private final ClassInitialiser initialiser;
    private final Optional<RunClustering> clustering;

    RunActors(
            ActorContext<RunCommand> context,
            RunPlan plan,
            List<Supplier<DistillationEngine>> engines,
            InstantSource clock,
            List<TelemetryListener> listeners) {
        this.context = context;
        this.settings = plan.settings();
        this.telemetryActor = watched(context.spawn(TelemetryActor.create(listeners), "telemetry"));
        this.telemetry = TelemetryActor.publisher(telemetryActor);
        this.worker = new WorkerPool(
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
                .map(selection -> clustering(selection, plan.resumed()));
    }

    private RunClustering clustering(SelectionRule selection, Optional<RunCheckpoint> resumed) {
        RepresentativeRefresh refresh = new RepresentativeRefresh(worker, selection, settings, telemetry, scheduler());
        Map<Integer, LoopPosition> refreshedAt = resumed.map(RunCheckpoint::classes).orElse(List.of()).stream()
                .filter(snapshot -> snapshot.refreshedAt().isPresent())
                .collect(Collectors.toMap(ClassSnapshot::classIndex, snapshot -> snapshot.refreshedAt()
                        .orElseThrow()));
        return new RunClustering(refresh, settings.representatives().interval(), refreshedAt);
    }

    /** Spawns a class in the state of a checkpoint, or without synthetic images. */
    ClassClient spawn(int classIndex, ClassImages images, Optional<ClassSnapshot> saved) {
        ClassMemory memory = saved.map(snapshot -> ClassMemory.restored(snapshot, images.images(), settings))
                .orElseGet(() -> new ClassMemory(classIndex, images.images(), settings));
        ActorRef<ClassActor.Command> actor = watched(context.spawn(ClassActor.create(memory), "class-" + classIndex));
        return new ClassClient(classIndex, images.name(), images.size(), actor);
    }

    private <M> ActorRef<M> watched(ActorRef<M> actor) {
        context.watch(actor);
        return actor;
    }

    /** Continues with the run on its own thread when a stage completes; aborts the run if the stage fails. */
    <T> void then(CompletionStage<T> stage, Consumer<T> next) {
        Asks.<RunCommand, T>pipeToSelf(
                context, stage, result -> new RunCommand.Continue(() -> next.accept(result)), RunCommand.Abort::new);
    }

    /** Like {@link #then(CompletionStage, Consumer)}, but the run also continues after a failure. */
    <T> void then(CompletionStage<T> stage, Consumer<T> next, Consumer<Throwable> failed) {
        Asks.<RunCommand, T>pipeToSelf(
                context,
                stage,
                result -> new RunCommand.Continue(() -> next.accept(result)),
                cause -> new RunCommand.Continue(() -> failed.accept(cause)));
    }

    /**
     * Refreshes the representatives that are due; does nothing for a method that has none or draws them at random.
     *
     * @return time spent inside the worker, in seconds
     */
    CompletionStage<Double> refreshRepresentatives(
            LoopPosition position, NetworkId network, List<ClassClient> classes) {
        return clustering
                .map(due -> due.refresh(position, network, classes))
                .orElseGet(() -> CompletableFuture.completedStage(0.0));
    }

    CompletionStage<List<ClassSnapshot>> snapshots(List<ClassClient> classes) {
        return Asks.all(classes.stream()
                .map(one -> one.<ClassSnapshot>ask(ClassActor.TakeSnapshot::new, scheduler()))
                .toList());
    }

    /** Completes when the listeners have received every event published so far. */
    CompletionStage<Done> flushTelemetry() {
        return Asks.ask(telemetryActor, TelemetryActor.Flush::new, scheduler());
    }

    TelemetryListener telemetry() {
        return telemetry;
    }

    WorkerPool worker() {
        return worker;
    }

    ClassInitialiser initialiser() {
        return initialiser;
    }

    /** Threads for file access, which blocks. */
    Executor blocking() {
        return context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
    }

    Scheduler scheduler() {
        return context.getSystem().scheduler();
    }
}
