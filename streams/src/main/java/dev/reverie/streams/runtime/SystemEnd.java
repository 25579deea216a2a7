package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends an actor system, also if one of its actors hangs. */
final class SystemEnd {

    private static final Logger LOG = LoggerFactory.getLogger(SystemEnd.class);

    private SystemEnd() {}

    /**
     * Terminates a system.
     *
     * @param patience time after which actors that have not stopped are logged and left behind
     */
    static CompletionStage<Done> terminate(ActorSystem<?> system, Duration patience) {
        system.terminate();
        return system.getWhenTerminated()
                .toCompletableFuture()
                .copy()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> {
                    LOG.error(
                            "The service ends although some of its actors may still run: attach this log to a bug"
                                    + " report\n{}",
                            system.printTree(),
                            Asks.causeOf(failure));
                    return Done.getInstance();
                });
    }
}
