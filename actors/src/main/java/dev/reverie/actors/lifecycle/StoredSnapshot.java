package dev.reverie.actors.lifecycle;

import dev.reverie.actors.serialization.Transferable;
import java.util.Optional;
import org.apache.pekko.persistence.typed.SnapshotAdapter;

/**
 * A snapshot of a class in the store. While a class is in use, its learned images are only in {@link ClassLearning},
 * which changes them; a snapshot has them as they were when it was taken.
 *
 * @param learned the learned images; empty while clients get real images
 */
public record StoredSnapshot(ClassState state, Optional<LearnedImages> learned) implements Transferable {

    /** Adds the learned images to a snapshot that is written, and gives those of one that is read to the learning. */
    static SnapshotAdapter<ClassState> adapter(ClassLearning learning) {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(ClassState state) {
                return new StoredSnapshot(state, learning.toStore(state));
            }

            @Override
            public ClassState fromJournal(Object snapshot) {
                StoredSnapshot read = (StoredSnapshot) snapshot;
                read.learned().ifPresent(learning::onStored);
                return read.state();
            }
        };
    }
}
