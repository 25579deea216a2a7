package dev.reverie.streams;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Asks;
import dev.reverie.actors.DistillationException;
import dev.reverie.actors.checkpoint.CheckpointException;
import dev.reverie.actors.checkpoint.CheckpointFile;
import dev.reverie.actors.run.RunCommand;
import dev.reverie.actors.run.RunCoordinator;
import dev.reverie.actors.run.RunPlan;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.EngineUnavailableException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.engine.DistillationEngine;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running distillation: an actor system with a coordinator, and the matching stream that draws visits from it. The
 * system ends with the run. Thread safe.
 */
public final class Distillation implements AutoCloseable {

    /** Made before the actor system is: its threads would race for the logging back end. */
    private static final Logger LOG = LoggerFactory.getLogger(Distillation.class);

    private final ActorSystem<RunCommand> system;
    private final CompletableFuture<DistillationResult> result = new CompletableFuture<>();
    private volatile boolean closed;

    private Distillation(ActorSystem<RunCommand> system) {
        this.system = system;
    }

    /**
     * Starts a run and returns at once.
     *
     * @param engines makes the engine of the worker, and a new one after each failure; called on the worker's thread,
     *     where the engine is used and closed too
     * @param listeners called in this order, from one thread at a time, for every event; {@code RunEnded} is the last
     *     one and is delivered before {@link #result()} completes
     * @param clock of all durations and of the time limit
     * @throws IllegalArgumentException if a class has fewer images than are stored per class
     * @throws dev.reverie.actors.checkpoint.CheckpointException if the checkpoint to resume from is missing, damaged,
     *     of another version or of another configuration
     * @throws dev.reverie.gpu.dataset.DatasetException if an expert in the request's folder does not fit
     */
    public static Distillation start(
            DistillationRequest request,
            Supplier<DistillationEngine> engines,
            List<TelemetryListener> listeners,
            InstantSource clock) {
        RunPlan plan = RunPlan.of(
                request.dataset(),
                request.settings(),
                request.checkpoint().map(CheckpointFile::new),
                request.resume(),
                request.experts(),
                request.timeLimit());
        Distillation distillation = new Distillation(ActorSystem.create(
                RunCoordinator.create(plan, engines, clock, List.copyOf(listeners)),
                "reverie",
                ConfigFactory.load("reverie")));
        distillation.run();
        return distillation;
    }

    private void run() {
        CompletionStage<RunCommand.Outcome> outcome =
                Asks.ask(system, RunCommand.AwaitOutcome::new, system.scheduler());
        MatchingStream.of(system, RunCommand.Visiting::new, system).run(system).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.debug("The matching stream failed", failure);
                system.tell(new RunCommand.Abort(Asks.causeOf(failure)));
            }
        });
        outcome.whenComplete((ended, failure) -> system.terminate());
        system.getWhenTerminated().whenComplete((done, failure) -> complete(outcome.toCompletableFuture()));
    }

    /** The system is down, so the engine is closed and an outcome that is not there now never comes. */
    private void complete(CompletableFuture<RunCommand.Outcome> outcome) {
        if (!outcome.isDone() || outcome.isCompletedExceptionally()) {
            result.completeExceptionally(new DistillationException(
                    closed
                            ? "the run was closed before it had ended"
                            : "the run broke down: see the log for the cause"));
            return;
        }
        switch (outcome.join()) {
            case RunCommand.Ended(var ending, var set, var position, var saved) ->
                result.complete(new DistillationResult(ending, set, position.outer(), position.inner(), saved));
            case RunCommand.Failed(var cause) -> result.completeExceptionally(expected(cause));
        }
    }

    private static RuntimeException expected(Throwable cause) {
        return switch (cause) {
            case DistillationException known -> known;
            case CheckpointException known -> known;
            case EngineUnavailableException unavailable -> unavailable.reason();
            default -> new DistillationException("the run failed: " + cause, cause);
        };
    }

    /**
     * Completes with the distilled set when the run has ended and the engine is closed; exceptionally if it could not
     * go on: with what {@code engines} threw, with a {@link CheckpointException}, or with a
     * {@link DistillationException}.
     */
    public CompletionStage<DistillationResult> result() {
        return result.minimalCompletionStage();
    }

    /** Ends the run after the current inner loop; its state is saved. Further calls change nothing. */
    public void stop() {
        system.tell(new RunCommand.Stop());
    }

    /**
     * Adds a class that takes part from the next inner loop on.
     *
     * @return its class index, once it takes part; exceptionally an {@code IllegalArgumentException} if its images are
     *     too few or of another shape or its name is taken, a {@link DistillationException} if the run has ended
     */
    public CompletionStage<Integer> addClass(String name, List<Image> images) {
        CompletableFuture<Integer> label = new CompletableFuture<>();
        result().whenComplete((ended, failure) -> label.completeExceptionally(
                new DistillationException("the run has ended, so class '" + name + "' can't join it", failure)));
        if (!label.isDone()) {
            Asks.<RunCommand, RunCommand.AddClassReply>ask(
                            system, replyTo -> new RunCommand.AddClass(name, images, replyTo), system.scheduler())
                    .thenAccept(reply -> settle(label, reply));
        }
        return label.minimalCompletionStage();
    }

    private static void settle(CompletableFuture<Integer> label, RunCommand.AddClassReply reply) {
        switch (reply) {
            case RunCommand.ClassAdded(var index) -> label.complete(index);
            case RunCommand.ClassRefused(var reason) -> label.completeExceptionally(reason);
        }
    }

    /** Ends everything at once and waits until the engine is closed; a run that has not ended is lost. */
    @Override
    public void close() {
        closed = true;
        system.terminate();
        result.exceptionally(failure -> null).join();
    }
}
