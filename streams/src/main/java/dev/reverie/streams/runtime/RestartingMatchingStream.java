package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.streams.MatchingStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the matching stream of a service, and starts it again a second after it has failed. Thread safe. */
final class RestartingMatchingStream {

    private static final Logger LOG = LoggerFactory.getLogger(RestartingMatchingStream.class);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final ActorRef<ServiceCommand> coordinator;
    private final int workers;
    private final ActorSystem<?> system;
    private CompletionStage<Done> latest = CompletableFuture.completedStage(Done.getInstance());
    private boolean stopping;

    RestartingMatchingStream(ActorRef<ServiceCommand> coordinator, int workers, ActorSystem<?> system) {
        this.coordinator = coordinator;
        this.workers = workers;
        this.system = system;
    }

    /** Starts the stream unless the service ends. Call once; later starts happen after failures. */
    synchronized void start() {
        if (isEnding()) {
            return;
        }
        latest = new MatchingStream<>(coordinator, ServiceCommand.WrappedLoopCommand::new, workers, system.scheduler())
                .graph()
                .run(system)
                .whenComplete((done, failure) -> {
                    if (failure != null && !isEnding()) {
                        LOG.debug("The matching stream failed", failure);
                        coordinator.tell(new ServiceCommand.MatchingFailed(Asks.causeOf(failure)));
                        system.scheduler().scheduleOnce(PAUSE_AFTER_FAILURE, this::start, system.executionContext());
                    }
                });
    }

    /** Whether the service is stopping, or its node has been removed from the cluster. */
    private synchronized boolean isEnding() {
        return stopping || CoordinatedShutdown.get(system).getShutdownReason().isPresent();
    }

    /** Prevents later starts of the stream. The coordinator ends a running one. */
    synchronized void startNoMore() {
        stopping = true;
    }

    /** Completes when the stream has ended or failed. */
    synchronized CompletionStage<Done> ended() {
        return latest.exceptionally(failed -> Done.getInstance());
    }
}
