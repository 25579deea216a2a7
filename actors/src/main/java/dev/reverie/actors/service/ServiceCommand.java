package dev.reverie.actors.service;

import dev.reverie.actors.loop.LoopCommand;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;

/** Messages to the {@link ServiceCoordinator}, and its replies. */
public sealed interface ServiceCommand extends NoSerializationVerificationNeeded {

    /** Carries a message about the current inner loop. */
    record WrappedLoopCommand(LoopCommand command) implements ServiceCommand {}

    /** The matching stream failed and lost its visits; a new stream will request visits again. */
    record MatchingFailed(Throwable cause) implements ServiceCommand {}

    record GetStatus(ActorRef<Status> replyTo) implements ServiceCommand {}

    /**
     * The progress of the distillation and the state of its worker.
     *
     * @param normalisation normalisation of the real data; empty before enough images have arrived to compute it
     * @param worker {@code matching}, {@code idle}, {@code waiting for a second class}, or the reason why the worker is
     *     unavailable
     * @param available whether the worker has an engine and replies
     */
    record Status(
            long innerLoops,
            long outerIterations,
            Optional<Normalisation> normalisation,
            String worker,
            boolean available) {}

    /** Stops the inner loops; the reply follows when the progress is durable. */
    record Stop(ActorRef<Done> replyTo) implements ServiceCommand {}

    record ProgressRecovered(StoredProgress progress) implements ServiceCommand {}

    /** The progress could not be read from the store; the journal tries again. */
    record ProgressUnreadable(Throwable cause) implements ServiceCommand {}

    /** Goes on after an asynchronous step, a pause or a notification; sent by the coordinator to itself. */
    record Continue(Runnable next) implements ServiceCommand {}
}
