package dev.reverie.actors.loop;

import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.worker.WorkerPool;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Messages about an inner loop, sent to the coordinator by the matching stream and the {@link InnerLoopDriver}. */
public sealed interface LoopCommand {

    /**
     * Requests the next visit. The stream sends one request at a time; the reply is a visit or, at the end of the
     * distillation, {@link NoMoreVisits}.
     */
    record NextVisit(ActorRef<VisitReply> replyTo) implements LoopCommand {}

    sealed interface VisitReply {}

    /**
     * A visit for the matching stream to make and to report.
     *
     * @param mostReal maximum number of real images in the class step
     */
    record Assigned(ClassVisit visit, ClassClient owner, WorkerPool worker, int mostReal) implements VisitReply {

        /** Assigns a visit with the whole real batch of its class. */
        public Assigned(ClassVisit visit, ClassClient owner, WorkerPool worker) {
            this(visit, owner, worker, Integer.MAX_VALUE);
        }
    }

    record NoMoreVisits() implements VisitReply {}

    /**
     * Reports that the class applied the gradient.
     *
     * @param blockLosses contribution of each convolution block of the network to the loss
     * @param change root mean square change per pixel of the images that clients get
     * @param seconds time spent inside the worker, in seconds
     */
    record VisitMatched(ClassVisit visit, double loss, List<Double> blockLosses, double change, double seconds)
            implements LoopCommand {
        public VisitMatched {
            blockLosses = List.copyOf(blockLosses);
        }
    }

    /** Reports that the visit ended without a class step. */
    record VisitSkipped(ClassVisit visit, String reason) implements LoopCommand {}

    /** Reports that the worker trained the network, or that the training failed inside the engine. */
    record NetworkTrained(InnerLoop loop, WorkerReply.Result<TrainMatchingNetworkOutcome> result)
            implements LoopCommand {}

    /** Reports that the training could not be run: a class was forgotten, or no engine is available. */
    record TrainingFailed(InnerLoop loop, Throwable cause) implements LoopCommand {}
}
