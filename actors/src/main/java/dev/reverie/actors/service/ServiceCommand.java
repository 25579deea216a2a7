package dev.reverie.actors.service;

import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.loop.LoopCommand;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;

/** Messages to the {@link ServiceCoordinator}, and its replies. */
public sealed interface ServiceCommand extends NoSerializationVerificationNeeded {

    /** Carries a message about the current inner loop. */
    record WrappedLoopCommand(LoopCommand command) implements ServiceCommand {}

    /** The matching stream failed and lost its visits; a new stream will request visits again. */
    record MatchingFailed(Throwable cause) implements ServiceCommand {}

    /** Requests the status of the distillation. */
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

    /** The intake has sent a notification about a class or the store. */
    record ClassNotified(ClassNotification notification) implements ServiceCommand {}

    /** The progress was read from the store. */
    record ProgressRecovered(StoredProgress progress) implements ServiceCommand {}

    /** The progress could not be read from the store; the journal tries again. */
    record ProgressUnreadable(Throwable cause) implements ServiceCommand {}

    /** It is time to ask the classes for their state. */
    record RefreshDue() implements ServiceCommand {}

    /** The classes of this process that have replied, and those of other processes that work. */
    record ClassesListed(List<ClassInfo> responding) implements ServiceCommand {
        public ClassesListed {
            responding = List.copyOf(responding);
        }
    }

    /** The state of the classes could not be read. */
    record ListingFailed(Throwable cause) implements ServiceCommand {}

    /** It is time to check whether the classes reply. */
    record WatchDue() implements ServiceCommand {}

    /**
     * The classes were asked whether they reply.
     *
     * @param silent labels of the classes of this process that have not replied
     */
    record ClassesWatched(Set<Integer> silent) implements ServiceCommand {
        public ClassesWatched {
            silent = Set.copyOf(silent);
        }
    }

    /** A class has stopped to live in this process. */
    record ClassLeft(int classIndex) implements ServiceCommand {}

    /** The normalisation that the registry has fixed, for images of a shape. */
    record NormalisationFixed(ImageShape shape, Normalisation normalisation) implements ServiceCommand {}

    /**
     * Real images of the first classes, from which the normalisation is computed; empty if a class was forgotten
     * meanwhile.
     */
    record ImagesGathered(List<Image> images) implements ServiceCommand {
        public ImagesGathered {
            images = List.copyOf(images);
        }
    }

    /** A class has its initial synthetic images, or could not get them. */
    record ClassInitialised(ClassClient target, Optional<Throwable> failure) implements ServiceCommand {}

    /** A class has its first representatives. */
    record ClassRepresented(int classIndex) implements ServiceCommand {}
}
