package dev.reverie.actors.classes;

import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.method.MatchTask;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The only owner of one class: its reservoir, its synthetic images with their momentum, its representatives. Answers
 * every request exactly once; what it sends is immutable.
 */
public final class ClassActor extends AbstractMatchingBehavior<ClassActor.Command> {

    public sealed interface Command extends ClassMessage {}

    /**
     * Asks which real images a selection may look at.
     *
     * @param limit at most so many; a class with more draws that many at random, in reservoir order
     * @param draw seed of that choice
     */
    public record FindCandidates(int limit, long draw, ActorRef<Candidates> replyTo) implements Command {}

    /**
     * Real images of the class.
     *
     * @param indices of each in the reservoir
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
     * @param images to compose, as a rule real ones of the class; ipc * factor * factor of them
     */
    public record Initialise(List<Image> images, ActorRef<Done> replyTo) implements Command {
        public Initialise {
            images = List.copyOf(images);
        }
    }

    /**
     * Gives the class the real batch of its next steps.
     *
     * @param indices into the reservoir, not empty
     * @param refreshedAt the loop before which they were chosen
     */
    public record UseRepresentatives(List<Integer> indices, LoopPosition refreshedAt, ActorRef<Represented> replyTo)
            implements Command {
        public UseRepresentatives {
            indices = List.copyOf(indices);
        }
    }

    /**
     * The class has its real batch.
     *
     * @param migration share of its images that were not in the one before, in [0, 1]; empty if there was none before
     */
    public record Represented(OptionalDouble migration) implements Transferable {}

    /** Like {@link UseRepresentatives}, but only for a class that has none; it stays due. */
    public record UseIfNone(List<Integer> indices, ActorRef<Done> replyTo) implements Command {
        public UseIfNone {
            indices = List.copyOf(indices);
        }
    }

    /** Begins the turn of the class. Ended by {@link ApplyGradient} or {@link Skip} for the same visit. */
    public record PrepareBatch(ClassVisit visit, ActorRef<Batch> replyTo) implements Command {}

    /** What the worker needs for the visit. */
    public record Batch(ClassVisit visit, MatchTask task) implements Transferable {}

    /** Steps the synthetic images against the gradient and ends the turn. */
    public record ApplyGradient(ClassVisit visit, ImageBatch gradient, ActorRef<TurnEnded> replyTo)
            implements Command {}

    /** Ends the turn without a step. */
    public record Skip(ClassVisit visit, ActorRef<TurnEnded> replyTo) implements Command {}

    /**
     * The turn has ended.
     *
     * @param change root mean square of what it changed in a pixel of the images handed out, whose range is 1
     */
    public record TurnEnded(double change) implements Transferable {}

    /** Brings every synthetic image back into [0, 1]; momentum stays. */
    public record Clamp() implements Command {}

    /**
     * Asks for real images.
     *
     * @param indices of each in the reservoir, from the front again where there are fewer
     */
    public record ReadImages(List<Integer> indices, ActorRef<Images> replyTo) implements Command {
        public ReadImages {
            indices = List.copyOf(indices);
        }
    }

    /**
     * Asks for images as somebody sees them who has the memory alone: those that the stored ones decode to, or real
     * ones where nothing is stored.
     *
     * @param indices of each among them, from the front again where there are fewer
     */
    public record ReadMemory(List<Integer> indices, ActorRef<Images> replyTo) implements Command {
        public ReadMemory {
            indices = List.copyOf(indices);
        }
    }

    /** In the order asked for. */
    public record Images(List<Image> images) implements Transferable {
        public Images {
            images = List.copyOf(images);
        }
    }

    public record TakeSnapshot(ActorRef<ClassSnapshot> replyTo) implements Command {}

    private final ClassMemory memory;

    private ClassActor(ActorContext<Command> context, ClassMemory memory) {
        super(context);
        this.memory = memory;
    }

    /** The actor of a class; nobody else may touch that memory from now on. */
    public static Behavior<Command> create(ClassMemory memory) {
        return Behaviors.setup(context -> new ClassActor(context, memory));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        answer(command, memory);
        return this;
    }

    /** Does what a command asks for with a memory, and answers it. */
    public static void answer(Command command, ClassMemory memory) {
        switch (command) {
            case FindCandidates(var limit, var draw, var replyTo) -> replyTo.tell(memory.candidates(limit, draw));
            case Initialise(var images, var replyTo) -> {
                memory.initialise(images);
                replyTo.tell(Done.getInstance());
            }
            case UseRepresentatives(var indices, var refreshedAt, var replyTo) ->
                replyTo.tell(new Represented(memory.useRepresentatives(indices, refreshedAt)));
            case UseIfNone(var indices, var replyTo) -> {
                memory.useIfNone(indices);
                replyTo.tell(Done.getInstance());
            }
            case PrepareBatch(var visit, var replyTo) -> replyTo.tell(new Batch(visit, memory.prepare(visit)));
            case ApplyGradient(var visit, var gradient, var replyTo) ->
                replyTo.tell(new TurnEnded(memory.apply(visit, gradient)));
            case Skip(var visit, var replyTo) -> replyTo.tell(new TurnEnded(memory.skip(visit)));
            case Clamp() -> memory.clamp();
            case ReadImages(var indices, var replyTo) -> replyTo.tell(new Images(memory.images(indices)));
            case ReadMemory(var indices, var replyTo) -> replyTo.tell(new Images(memory.decoded(indices)));
            case TakeSnapshot(var replyTo) -> replyTo.tell(memory.snapshot());
        }
    }
}
