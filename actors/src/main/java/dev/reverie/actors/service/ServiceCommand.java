package dev.reverie.actors.service;

import dev.reverie.actors.lifecycle.ClassSummary;
import dev.reverie.actors.loop.VisitCommand;
import dev.reverie.actors.registry.ClassNotification;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.TrainOutcome;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;

/** What the {@link ServiceCoordinator} is told and asked. */
public sealed interface ServiceCommand extends NoSerializationVerificationNeeded {

    /** What whoever matches asks and reports. */
    record Visiting(VisitCommand command) implements ServiceCommand {}

    /** Whoever matches could not go on; it will ask anew. What it had in hand is lost. */
    record MatchingFailed(Throwable cause) implements ServiceCommand {}

    /** Asks how far it has come. */
    record Ask(ActorRef<Status> replyTo) implements ServiceCommand {}

    /**
     * How far a distillation has come.
     *
     * @param normalisation of the real data; empty before there were enough of them
     * @param worker what the worker does: {@code matching}, {@code idle}, or why it can't
     * @param available whether there is a worker that can do its work, and answers
     */
    record Status(
            long innerLoops,
            long outerIterations,
            Optional<Normalisation> normalisation,
            String worker,
            boolean available) {}

    /** Gives out no more visits; answered when the progress is durable. */
    record Stop(ActorRef<Done> replyTo) implements ServiceCommand {}

    /** News of the classes. */
    record Told(ClassNotification news) implements ServiceCommand {}

    /** The store has told how far the distillation had come. */
    record Recovered(StoredProgress progress) implements ServiceCommand {}

    /** The store can't tell how far the distillation had come. It is asked again and again. */
    record Unreadable(Throwable cause) implements ServiceCommand {}

    /** It is time to look at the classes. */
    record LookIsDue() implements ServiceCommand {}

    /** What the classes look like; those that are gone are left out. */
    record Looked(List<ClassSummary> views) implements ServiceCommand {
        public Looked {
            views = List.copyOf(views);
        }
    }

    /** Real images of several classes to begin with; empty if a class went meanwhile. */
    record Gathered(List<Image> images) implements ServiceCommand {
        public Gathered {
            images = List.copyOf(images);
        }
    }

    /** A class has its first learned images, or could not get them. */
    record Initialised(int label, Optional<Throwable> failure) implements ServiceCommand {}

    /** The network was trained, or failed to. */
    record Trained(WorkerReply.Answer<TrainOutcome> answer) implements ServiceCommand {}

    /** There was nothing to train, or nobody to do it. */
    record NotTrained(Throwable cause) implements ServiceCommand {}
}
