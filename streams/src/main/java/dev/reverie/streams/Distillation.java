package dev.reverie.streams;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Asks;
import dev.reverie.actors.DistillationException;
import dev.reverie.actors.checkpoint.CheckpointException;
import dev.reverie.actors.run.DistillationRequest;
import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.run.RunCommand;
import dev.reverie.actors.run.RunCoordinator;
import dev.reverie.actors.run.RunPlan;
import dev.reverie.actors.serialization.LocalSerializers;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.EngineUnavailableException;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.engine.DistillationEngine;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running distillation of a dataset. It consists of an actor system with a {@link RunCoordinator} and a matching
 * stream that requests visits from the coordinator. The actor system ends with the run. Thread safe.
 */
public final class Distillation implements AutoCloseable {

    /** Created before the actor system, whose threads would otherwise race to initialise the logging back end. */
    private static final Logger LOG = LoggerFactory.getLogger(Distillation.class);

    private final ActorSystem<RunCommand> system;
    private final CompletableFuture<DistillationResult> result = new CompletableFuture<>();
    private volatile boolean closed;

    private Distillation(ActorSystem<RunCommand> system) {
        this.system = system;
    }

    /** Starts a run with one worker; see {@link #start(DistillationRequest, List, List, InstantSource)}. */
    public static Distillation start(
            DistillationRequest request,
            Supplier<DistillationEngine> engines,
            List<TelemetryListener> listeners,
            InstantSource clock) {
        return start(request, List.of(engines), listeners, clock);
    }

    /**
     * Starts a run and returns at once.
     *
     * @param engines one for each worker: creates its first engine, and a new one after each failure; called on the
     *     worker's thread, which also uses and closes the engines
     * @param listeners called in this order for every event, from one thread at a time; the last event,
     *     {@code RunEnded}, is delivered before {@link #result()} completes
     * @param clock measures all durations and the time limit
     * @throws IllegalArgumentException if a class has fewer real images than the number of synthetic images to learn
     * @throws CheckpointException if the checkpoint to resume from is missing or damaged, has another version, or
     *     belongs to a run with other data or settings
     * @throws DatasetException if an expert trajectory in the folder of the request does not fit the run, or one with
     *     which the resumed run has learned is missing
     */
    public static Distillation start(
            DistillationRequest request,
            List<Supplier<DistillationEngine>> engines,
            List<TelemetryListener> listeners,
            InstantSource clock) {
        RunPlan plan = RunPlan.of(request);
        Distillation distillation = new Distillation(ActorSystem.create(
                RunCoordinator.create(plan, engines, clock, List.copyOf(listeners)),
                "reverie",
                LocalSerializers.only(ConfigFactory.load("reverie"))));
        distillation.run(engines.size());
        return distillation;
    }

    private void run(int workers) {
        CompletionStage<RunCommand.Outcome> outcome =
                Asks.ask(system, RunCommand.AwaitOutcome::new, system.scheduler());
        new MatchingStream<>(system, RunCommand.WrappedLoopCommand::new, workers, system.scheduler())
                .graph()
                .run(system)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.debug("The matching stream failed", failure);
                        system.tell(new RunCommand.Abort(Asks.causeOf(failure)));
                    }
                });
        outcome.whenComplete((ended, failure) -> system.terminate());
        system.getWhenTerminated().whenComplete((done, failure) -> complete(outcome.toCompletableFuture()));
    }

    /** Called after the actor system has terminated, when the engine is closed and no outcome can arrive any more. */
    private void complete(CompletableFuture<RunCommand.Outcome> outcome) {
        if (!outcome.isDone() || outcome.isCompletedExceptionally()) {
            result.completeExceptionally(new DistillationException(
                    closed
                            ? "the run was closed before its end"
                            : "the run failed: look for the cause in the log, then start it again"));
            return;
        }
        switch (outcome.join()) {
            case DistillationResult ended -> result.complete(ended);
            case RunCommand.Failed(var cause) -> result.completeExceptionally(expected(cause));
        }
    }

    private static RuntimeException expected(Throwable cause) {
        return switch (cause) {
            case DistillationException known -> known;
            case CheckpointException known -> known;
            case DatasetException known -> known;
            case CancellationException cancelled -> cancelled;
            case EngineUnavailableException unavailable -> unavailable.reason();
            default ->
                new DistillationException(
                        "the run failed: " + cause + "; look in the log for more, then start it again", cause);
        };
    }

    /**
     * Completes with the result when the run has ended and the engine is closed. If the run failed, completes
     * exceptionally with the exception that {@code engines} threw, a {@link CheckpointException}, a
     * {@link DatasetException} of an expert that cannot be read any more, or a {@link DistillationException}. If an
     * engine was cancelled, completes exceptionally with its {@link CancellationException}.
     */
    public CompletionStage<DistillationResult> result() {
        return result.minimalCompletionStage();
    }

    /** Ends the run after the current inner loop and saves a checkpoint. Further calls have no effect. */
    public void stop() {
        system.tell(new RunCommand.Stop());
    }

    /**
     * Stops the run at once and waits until the engine is closed. If the run had not ended, {@link #result()} completes
     * exceptionally.
     */
    @Override
    public void close() {
        closed = true;
        system.terminate();
        result.exceptionally(failure -> null).join();
    }
}
