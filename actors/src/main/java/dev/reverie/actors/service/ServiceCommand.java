package dev.reverie.actors.service;

import dev.reverie.actors.lifecycle.ClassSummary;
import dev.reverie.actors.loop.LoopCommand;
import dev.reverie.actors.registry.ClassNotification;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;

/** Messages to the {@link ServiceCoordinator}, and its replies. */
public sealed interface ServiceCommand extends NoSerializationVerificationNeeded {

    /** Carries a message about the current inner loop. */
    record WrappedLoopCommand(LoopCommand command) implements ServiceCommand {}

    /** The matching stream failed, with the visits that it had; a new stream will request visits again. */
    record MatchingFailed(Throwable cause) implements ServiceCommand {}

    /** Requests the status of the distillation. */
    record GetStatus(ActorRef<Status> replyTo) implements ServiceCommand {}

    /**
     * The progress of the distillation and the state of its worker.
     *
     * @param normalisation of the real data; empty before enough images have arrived to compute one
     * @param worker {@code matching}, {@code idle}, {@code waiting for a second class}, or why it cannot work
     * @param available whether the worker has an engine and replies
     */
    record Status(
            long innerLoops,
            long outerIterations,
            Optional<Normalisation> normalisation,
            String worker,
            boolean available) {}

    /** Stops handing out visits; answered when the progress is durable. */
    record Stop(ActorRef<Done> replyTo) implements ServiceCommand {}

    /** A class has appeared, changed its phase or gone. */
    record ClassNotified(ClassNotification notification) implements ServiceCommand {}

    /** The progress was read from the store. */
    record ProgressRecovered(StoredProgress progress) implements ServiceCommand {}

    /** The progress could not be read from the store; the journal tries again. */
    record ProgressUnreadable(Throwable cause) implements ServiceCommand {}

    /** It is time to ask the classes for their state. */
    record RefreshDue() implements ServiceCommand {}

    /** The state of the classes that have replied. */
    record ClassesListed(List<ClassSummary> views) implements ServiceCommand {
        public ClassesListed {
            views = List.copyOf(views);
        }
    }

    /** Real images of the first classes, to compute the normalisation from; empty if a class went away meanwhile. */
    record ImagesGathered(List<Image> images) implements ServiceCommand {
        public ImagesGathered {
            images = List.copyOf(images);
        }
    }

    /** A class has its initial synthetic images, or could not get them. */
    record ClassInitialised(int label, Optional<Throwable> failure) implements ServiceCommand {}
}
