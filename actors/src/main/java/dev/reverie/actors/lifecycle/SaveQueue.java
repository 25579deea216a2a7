package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassMessage;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/**
 * The queue in which the classes of an actor system save their learned images. All of them are due at once, for example
 * when an outer iteration begins, and a save holds its images twice, as an event and as a row. Therefore, only as many
 * classes save at the same time as have {@link #MAX_BYTES} together, or a single one that has more. The others wait in
 * the order in which they asked. Thread safe.
 */
final class SaveQueue implements Extension {

    /** Maximum size of the images that are being saved, in bytes, if several classes save. */
    private static final long MAX_BYTES = 8 << 20;

    private static final ExtensionId<SaveQueue> ID = new ExtensionId<>() {
        @Override
        public SaveQueue createExtension(ActorSystem<?> system) {
            return new SaveQueue();
        }
    };

    private final Map<Turn, Long> saving = new HashMap<>();
    private final Map<Turn, Long> waiting = new LinkedHashMap<>();

    private SaveQueue() {}

    static SaveQueue of(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /** Returns what a class needs to take its turns. */
    Turn of(ActorRef<ClassMessage> self) {
        return new Turn(self);
    }

    private boolean fits(long bytes) {
        return saving.isEmpty()
                || saving.values().stream().mapToLong(Long::longValue).sum() + bytes <= MAX_BYTES;
    }

    private synchronized boolean take(Turn turn, long bytes) {
        if (saving.containsKey(turn)) {
            return true;
        }
        if (waiting.isEmpty() && fits(bytes)) {
            saving.put(turn, bytes);
            return true;
        }
        waiting.put(turn, bytes);
        return false;
    }

    private synchronized void end(Turn turn) {
        waiting.remove(turn);
        saving.remove(turn);
        Iterator<Map.Entry<Turn, Long>> next = waiting.entrySet().iterator();
        while (next.hasNext()) {
            Map.Entry<Turn, Long> first = next.next();
            if (!fits(first.getValue())) {
                return;
            }
            saving.put(first.getKey(), first.getValue());
            next.remove();
            first.getKey().self.tell(ClassReminder.SAVE_DUE);
        }
    }

    /** The turns of one class, and who waits until its images are saved. Not thread safe; its actor owns it. */
    final class Turn {

        private final ActorRef<ClassMessage> self;
        private final Set<ActorRef<Done>> awaiting = new LinkedHashSet<>();

        private Turn(ActorRef<ClassMessage> self) {
            this.self = self;
        }

        /** Notes who gets a reply when the images are saved. */
        void await(ActorRef<Done> replyTo) {
            awaiting.add(replyTo);
        }

        boolean isAwaited() {
            return !awaiting.isEmpty();
        }

        /**
         * Whether the class can save its images now; it then has to end its turn. Otherwise,
         * {@link ClassReminder#SAVE_DUE} reminds the class when it is its turn.
         *
         * @param bytes size of the images
         */
        boolean take(long bytes) {
            return SaveQueue.this.take(this, bytes);
        }

        /** Ends the turn of a class whose images are saved, and replies to those who wait for that. */
        void onSaved() {
            end();
            awaiting.forEach(replyTo -> replyTo.tell(Done.getInstance()));
            awaiting.clear();
        }

        /** Ends the turn of a class that cannot save its images now. */
        void end() {
            SaveQueue.this.end(this);
        }
    }
}
