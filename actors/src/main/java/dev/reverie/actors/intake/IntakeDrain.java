package dev.reverie.actors.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Saves the classes of this process before it stops, and replies to those who asked for it. Owned by the intake. */
final class IntakeDrain {

    private final ActorContext<IntakeActor.Command> context;
    private final ClassTable classes;
    private final ClassDirectory directory;
    private final List<ActorRef<IntakeActor.Drained>> waiting = new ArrayList<>();
    private boolean begun;

    IntakeDrain(ActorContext<IntakeActor.Command> context, ClassTable classes, ClassDirectory directory) {
        this.context = context;
        this.classes = classes;
        this.directory = directory;
    }

    /** Begins to drain. The classes are saved at the next call of {@link #onIdle}. */
    void begin(ActorRef<IntakeActor.Drained> replyTo) {
        begun = true;
        waiting.add(replyTo);
    }

    /** Whether the intake accepts no more deliveries. */
    boolean hasBegun() {
        return begun;
    }

    /** Saves the classes if anyone waits for it. Must be called when the classes have all samples. */
    void onIdle() {
        if (waiting.isEmpty()) {
            return;
        }
        List<ActorRef<IntakeActor.Drained>> askers = List.copyOf(waiting);
        waiting.clear();
        context.pipeToSelf(
                classes.save(directory::livesHere, context.getSystem().scheduler()),
                // a save names the classes that fail, and does not fail itself
                (unsaved, _) -> new IntakeSelfMessage.DrainCompleted(askers, Objects.requireNonNull(unsaved)));
    }

    /**
     * Replies that all classes are saved that can be.
     *
     * @param unsaved names of the classes that cannot be saved
     */
    void onCompleted(List<ActorRef<IntakeActor.Drained>> askers, List<String> unsaved) {
        if (!unsaved.isEmpty()) {
            context.getLog()
                    .warn(
                            "What these classes have learned since their last save is lost, because they are damaged in"
                                    + " the store or have stopped: {}. If they are damaged, restore the store from a"
                                    + " backup, or forget the classes.",
                            String.join(", ", unsaved));
        }
        askers.forEach(replyTo -> replyTo.tell(new IntakeActor.Drained(unsaved)));
    }
}
