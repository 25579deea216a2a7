package dev.reverie.actors.service;

import dev.reverie.actors.Asks;
import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.loop.InnerLoopDriver;
import dev.reverie.actors.loop.LoopCommand;
import dev.reverie.actors.loop.NetworkTrainer;
import dev.reverie.actors.loop.TimeLimitClock;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Runs the inner loops of a service, one at a time: begins a loop, trains the network after its last visit, and moves
 * the progress to the next position. A loop whose matching stream has failed is abandoned. Belongs to the coordinator.
 */
final class ServiceLoops implements InnerLoopDriver.LoopOwner {

    private final ServiceClasses classes;
    private final ServiceProgress progress;
    private final ServiceAvailability availability;
    private final TelemetryListener telemetry;
    private final Runnable onEnd;
    private final InnerLoopDriver<ServiceCommand> driver;
    private final ThrottledWarning warning = new ThrottledWarning();
    /** Those of the current loop; empty before the first loop. */
    private Optional<ServiceActors> actors = Optional.empty();

    private Optional<NetworkTrainer> trainer = Optional.empty();

    /**
     * Creates an instance without a loop.
     *
     * @param onEnd called after each loop, whether or not it was completed
     */
    ServiceLoops(
            ActorContext<ServiceCommand> context,
            ServicePlan plan,
            ServiceClasses classes,
            ServiceProgress progress,
            ServiceAvailability availability,
            Runnable onEnd) {
        this.classes = classes;
        this.progress = progress;
        this.availability = availability;
        this.telemetry = plan.telemetry();
        this.onEnd = onEnd;
        this.driver = new InnerLoopDriver<>(
                context,
                ServiceCommand.WrappedLoopCommand::new,
                this,
                new TimeLimitClock(plan.clock(), Optional.empty()),
                telemetry);
    }

    /** Whether a loop has begun and not ended. */
    boolean isRunning() {
        return driver.isRunning();
    }

    /** The network of the current loop or, between two loops, of the next one. */
    NetworkId network() {
        return new NetworkId(progress.position().outer(), classes.outputs());
    }

    /** Begins a loop that visits these classes. */
    void begin(List<ServiceClass> visited, ServiceActors spawned) {
        actors = Optional.of(spawned);
        if (progress.beginsIteration()) {
            classes.clamp();
            progress.beginIteration();
        }
        driver.begin(progress.position(), spawned.visits(progress.position(), network(), visited));
        spawned.refreshRepresentatives(progress.position(), network(), visited);
        driver.open(0);
        if (spawned.trainsNetwork()) {
            trainer = Optional.of(spawned.trainer(progress.position(), classes.responding()));
        }
    }

    /** Handles a message about the current loop. */
    void on(LoopCommand command) {
        if (command instanceof LoopCommand.VisitMatched matched) {
            availability.restore();
            warning.reset();
            if (driver.isRunning()) {
                classes.at(matched.visit().classIndex()).ifPresent(each -> each.onMatched(matched.loss()));
            }
        }
        if (command instanceof LoopCommand.VisitSkipped skipped && driver.isRunning()) {
            classes.onSkipped(skipped.visit().classIndex());
        }
        driver.on(command);
    }

    /** Abandons the loop, because the visits of the failed stream are lost. */
    void onMatchingFailed(Throwable cause) {
        driver.dropRequest();
        availability.onWorkerFailed(cause);
        String reason = Asks.reasonOf(cause);
        if (warning.isDue(reason)) {
            telemetry.on(new TelemetryEvent.Warning("the matching stream failed (" + reason
                    + "); it restarts automatically, so nothing needs to be done unless this recurs"));
        }
        if (driver.isRunning()) {
            driver.abandon();
            advance(false);
            onEnd.run();
        }
    }

    /** Hands out no more visits, because the service stops. */
    void stop() {
        driver.end();
    }

    @Override
    public Optional<CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>>> train() {
        return trainer.map(one -> actors.orElseThrow().train(one, progress.position(), network()));
    }

    @Override
    public void onTrainingFailed(Throwable cause) {
        availability.onWorkerFailed(cause);
        telemetry.on(new TelemetryEvent.Warning("training the network failed (" + Asks.reasonOf(cause)
                + "); the service tries again after the next inner loop"));
        driver.close();
    }

    @Override
    public void onLoopClosed(boolean matched) {
        advance(true);
        onEnd.run();
    }

    private void advance(boolean completed) {
        trainer = Optional.empty();
        int innerLoops = actors.orElseThrow().settings().schedule().innerLoops();
        progress.advance(innerLoops, completed);
        if (progress.beginsIteration()) {
            classes.endIteration();
        }
        int iterations = classes.iterationsToConvergence();
        int done = iterations == 0 ? 0 : progress.position().inner();
        telemetry.on(new TelemetryEvent.ConvergenceExpected((long) iterations * innerLoops - done));
    }
}
