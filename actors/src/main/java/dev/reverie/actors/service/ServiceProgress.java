package dev.reverie.actors.service;

import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.store.Retention;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Tracks the progress of a service's distillation and persists it. Recovery must finish before the progress is used.
 * Belongs to the coordinator.
 */
final class ServiceProgress {

    private final ActorRef<ProgressJournalActor.Save> journal;
    private StoredProgress progress = StoredProgress.NONE;
    private LoopPosition position = LoopPosition.START;
    private boolean recovered;

    /**
     * Reads the stored progress.
     *
     * @param node name of this node of a cluster; empty in a single process
     */
    ServiceProgress(ActorContext<ServiceCommand> context, Retention retention, Optional<String> node) {
        this.journal = context.spawn(ProgressJournalActor.create(retention, node, context.getSelf()), "progress");
    }

    /** Whether the progress was read from the store. */
    boolean isRecovered() {
        return recovered;
    }

    /** Continues from the stored progress, with a new outer iteration because networks are not stored. */
    void recover(StoredProgress stored) {
        recovered = true;
        progress = stored;
        position = new LoopPosition(stored.nextOuter(), 0);
    }

    StoredProgress progress() {
        return progress;
    }

    /** The current loop or, between two loops, the next one. */
    LoopPosition position() {
        return position;
    }

    /** Whether the loop at the position is the first one of its outer iteration. */
    boolean beginsIteration() {
        return position.inner() == 0;
    }

    void useNormalisation(Normalisation fixed) {
        save(progress.withNormalisation(Optional.of(fixed)), Optional.empty());
    }

    /** Drops the normalisation, so that the next classes may have images of another shape. */
    void clearNormalisation() {
        if (progress.normalisation().isPresent()) {
            save(progress.withNormalisation(Optional.empty()), Optional.empty());
        }
    }

    void beginIteration() {
        save(progress.afterIterationBegan(position.outer()), Optional.empty());
    }

    /**
     * Moves to the next loop.
     *
     * @param completed whether the loop at the position was completed
     */
    void advance(int innerLoops, boolean completed) {
        position = position.next(innerLoops);
        if (completed) {
            progress = progress.afterLoop(beginsIteration());
        }
    }

    /**
     * Saves the progress and replies when it is durable. If the stored progress has not been read yet, saves nothing
     * and replies at once.
     */
    void save(ActorRef<Done> replyTo) {
        if (recovered) {
            save(progress, Optional.of(replyTo));
        } else {
            replyTo.tell(Done.getInstance());
        }
    }

    private void save(StoredProgress next, Optional<ActorRef<Done>> replyTo) {
        progress = next;
        journal.tell(new ProgressJournalActor.Save(next, replyTo));
    }
}
