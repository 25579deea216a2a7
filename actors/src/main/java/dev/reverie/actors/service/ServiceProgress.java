package dev.reverie.actors.service;

import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.store.Retention;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Where a live distillation is, and its journal, which has to be read first. Not thread safe. */
final class ServiceProgress {

    private final ActorRef<ProgressJournalActor.Note> journal;
    private StoredProgress progress = StoredProgress.NONE;
    private LoopPosition position = LoopPosition.START;
    private boolean known;

    ServiceProgress(ActorContext<ServiceCommand> context, Retention retention) {
        this.journal = context.spawn(ProgressJournalActor.create(retention, context.getSelf()), "progress");
    }

    /** Whether the store has told how far the distillation had come. */
    boolean isKnown() {
        return known;
    }

    /** Every start begins with a new network, since the last one was in memory alone. */
    void recovered(StoredProgress found) {
        known = true;
        progress = found;
        position = new LoopPosition(found.nextOuter(), 0);
    }

    StoredProgress progress() {
        return progress;
    }

    /** The loop that is open, or the next one. */
    LoopPosition position() {
        return position;
    }

    /** Whether the next loop is the first one with its network. */
    boolean beginsIteration() {
        return position.inner() == 0;
    }

    void found(Normalisation normalisation) {
        record(progress.founded(normalisation), Optional.empty());
    }

    void unfound() {
        if (progress.normalisation().isPresent()) {
            record(progress.unfounded(), Optional.empty());
        }
    }

    void openIteration() {
        record(progress.beginning(position.outer()), Optional.empty());
    }

    /**
     * A loop is over.
     *
     * @param innerLoops of an outer iteration
     * @param completed whether it came to its end
     */
    void advance(int innerLoops, boolean completed) {
        position = position.next(innerLoops);
        if (completed) {
            progress = progress.afterLoop(beginsIteration());
        }
    }

    /** Answered when all of it is durable; what was not read yet must not be written over. */
    void save(ActorRef<Done> replyTo) {
        if (known) {
            record(progress, Optional.of(replyTo));
        } else {
            replyTo.tell(Done.getInstance());
        }
    }

    private void record(StoredProgress now, Optional<ActorRef<Done>> replyTo) {
        progress = now;
        journal.tell(new ProgressJournalActor.Note(now, replyTo));
    }
}
