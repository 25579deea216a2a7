package dev.reverie.actors.classes;

import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.engine.MatchTask;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Owns one class: its reservoir, its synthetic images with their momentum, and its representatives. Every request but
 * {@link Clamp} gets exactly one reply, unless its handling throws an exception. All replies are immutable.
 *
 * <p>A class of a service gets the same requests, and leaves two more of them without a reply: an {@link Initialise}
 * that waits for the store when the next one arrives, and a {@link PrepareBatch} when the class is sealed and has no
 * synthetic images.
 */
public final class ClassActor extends AbstractMatchingBehavior<ClassActor.Command> {

    public sealed interface Command extends ClassMessage {}

    /**
     * Asks for the real images from which representatives are selected. The indices in the reply stay valid until the
     * next such request; only the process that distils the class may therefore send it.
     *
     * @param limit maximum number of images; if the reservoir is larger, this many are drawn at random, in reservoir
     *     order
     * @param seed seed of the random choice
     */
    public record FindCandidates(int limit, long seed, ActorRef<Candidates> replyTo) implements Command {}

    /**
     * Real images of the class.
     *
     * @param indices position of each image in the reservoir
     */
    public record Candidates(List<Integer> indices, List<Image> images) implements Transferable {
        public Candidates {
            indices = List.copyOf(indices);
            images = List.copyOf(images);
        }
    }

    /**
     * Composes the initial synthetic images, without momentum.
     *
     * @param images images to compose, usually real images of the class; their number is ipc * factor * factor
     */
    public record Initialise(List<Image> images, ActorRef<Done> replyTo) implements Command {
        public Initialise {
            images = List.copyOf(images);
        }
    }

    /**
     * Sets the representatives: the real batch of the next class steps.
     *
     * @param indices indices of the representatives in the reservoir, not empty
     * @param refreshedAt the loop before which the representatives were selected
     */
    public record SetRepresentatives(
            List<Integer> indices, LoopPosition refreshedAt, ActorRef<RepresentativesSet> replyTo) implements Command {
        public SetRepresentatives {
            indices = List.copyOf(indices);
        }
    }

    /**
     * The class has new representatives.
     *
     * @param migration share of the representatives that are new, in [0, 1]; empty if the actor knows no earlier
     *     refresh
     */
    public record RepresentativesSet(OptionalDouble migration) implements Transferable {}

    /** Like {@link SetRepresentatives}, but only if the class has no representatives. The next refresh remains due. */
    public record SetRepresentativesIfNone(List<Integer> indices, ActorRef<Done> replyTo) implements Command {
        public SetRepresentativesIfNone {
            indices = List.copyOf(indices);
        }
    }

    /** Begins a visit of the class. {@link ApplyGradient} or {@link SkipVisit} ends it. */
    public record PrepareBatch(ClassVisit visit, ActorRef<Batch> replyTo) implements Command {}

    /** The input of the worker for a visit. */
    public record Batch(ClassVisit visit, MatchTask task) implements Transferable {}

    /** Steps the synthetic images against the gradient and ends the visit. */
    public record ApplyGradient(ClassVisit visit, ImageBatch gradient, ActorRef<VisitEnded> replyTo)
            implements Command {}

    /** Ends the visit without a step. */
    public record SkipVisit(ClassVisit visit, ActorRef<VisitEnded> replyTo) implements Command {}

    /**
     * The visit has ended.
     *
     * @param change root mean square change per pixel of the images that clients get, for pixels in [0, 1]
     */
    public record VisitEnded(double change) implements Transferable {}

    /** Clamps the synthetic images to [0, 1]. Their momentum is not changed. */
    public record Clamp() implements Command {}

    /**
     * Asks for real images.
     *
     * @param indices indices into the reservoir, modulo its size
     */
    public record ReadImages(List<Integer> indices, ActorRef<Images> replyTo) implements Command {
        public ReadImages {
            indices = List.copyOf(indices);
        }
    }

    /**
     * Asks for random real images. Unlike {@link FindCandidates}, any process may ask.
     *
     * @param limit maximum number of images, in reservoir order
     * @param seed seed of the random choice
     */
    public record SampleImages(int limit, long seed, ActorRef<Images> replyTo) implements Command {}

    /**
     * Asks for images of the memory: the decoded synthetic images, or real images if the class has no synthetic ones.
     *
     * @param indices indices into these images, modulo their number
     */
    public record ReadMemory(List<Integer> indices, ActorRef<Images> replyTo) implements Command {
        public ReadMemory {
            indices = List.copyOf(indices);
        }
    }

    /** The requested images in the requested order; none if the class has none. */
    public record Images(List<Image> images) implements Transferable {
        public Images {
            images = List.copyOf(images);
        }
    }

    public record TakeSnapshot(ActorRef<ClassSnapshot> replyTo) implements Command {}

    /** Asks for the running average of the synthetic images, which clients get. */
    public record ReadAverage(ActorRef<Average> replyTo) implements Command {}

    /**
     * The running average of the synthetic images.
     *
     * @param images not clamped; the same batch as in the last reply if they have not changed, unless the class is on
     *     another node
     */
    public record Average(int classIndex, ImageBatch images) implements Transferable {}

    private final ClassMemory memory;

    private ClassActor(ActorContext<Command> context, ClassMemory memory) {
        super(context);
        this.memory = memory;
    }

    /** Creates the actor of a class; from now on, the actor owns the memory. */
    public static Behavior<Command> create(ClassMemory memory) {
        return Behaviors.setup(context -> new ClassActor(context, memory));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        memory.execute(command);
        return this;
    }
}
