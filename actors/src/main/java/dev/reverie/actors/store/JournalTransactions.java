package dev.reverie.actors.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.persistence.typed.PersistenceId;
import scala.concurrent.Future;
import scala.concurrent.Future$;
import scala.runtime.BoxedUnit;

/**
 * The transactions of several persistent actors. Each participant persists its events with the tag of the transaction.
 * The journal holds back the events until those of all participants have arrived, and then commits them all in one
 * database transaction. If the commit fails or the transaction is aborted, the writes of all participants fail. The
 * tags are not stored.
 *
 * <p>Participants cannot wait for each other in a circle if all of them receive the messages of the transactions in the
 * same order. Thread safe.
 */
public final class JournalTransactions implements Extension {

    private static final ExtensionId<JournalTransactions> ID = new ExtensionId<>() {
        @Override
        public JournalTransactions createExtension(ActorSystem<?> system) {
            return new JournalTransactions();
        }
    };

    private static final String TAG = "transaction:";

    private final Map<String, JournalTransaction> open = new HashMap<>();
    private long begun;

    /** Creates an instance without transactions. */
    JournalTransactions() {}

    /** The transactions of an actor system. */
    public static JournalTransactions of(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /**
     * Begins a transaction and returns its tag.
     *
     * @param participants the actors that will persist events with this tag, once each
     */
    public synchronized String begin(Collection<PersistenceId> participants) {
        String tag = TAG + begun++;
        open.put(
                tag,
                new JournalTransaction(
                        participants.stream().map(PersistenceId::id).collect(Collectors.toSet())));
        return tag;
    }

    /**
     * Aborts the incomplete transactions of a participant that has failed or stopped. Events that arrive later for
     * these transactions fail too.
     */
    public void abort(PersistenceId participant) {
        StoreException reason = new StoreException("the store did not write a part of a delivery, because "
                + participant.id() + " could not write another part: try again");
        remove(participant.id()).forEach(transaction -> transaction.abort(reason));
    }

    private synchronized List<JournalTransaction> remove(String participant) {
        List<JournalTransaction> removed = new ArrayList<>();
        open.values().removeIf(transaction -> transaction.includes(participant) && removed.add(transaction));
        return removed;
    }

    /**
     * Writes the rows of one actor. If they are tagged with a transaction, the rows of all participants are written
     * together as soon as they are there.
     *
     * @param write writes rows in one database transaction
     * @return completes when the rows are durable; fails if none of the transaction was written
     */
    Future<BoxedUnit> write(JournalRows rows, Function<JournalRows, Future<BoxedUnit>> write) {
        return rows.tags().stream()
                .filter(tag -> tag.startsWith(TAG))
                .findFirst()
                .map(tag -> join(tag, rows, write))
                .orElseGet(() -> write.apply(rows));
    }

    private Future<BoxedUnit> join(String tag, JournalRows rows, Function<JournalRows, Future<BoxedUnit>> write) {
        JournalTransaction transaction;
        boolean isComplete;
        synchronized (this) {
            transaction = open.get(tag);
            if (transaction == null) {
                return Future$.MODULE$.failed(new StoreException(
                        "the store did not write a part of a delivery, because another part failed: try again"));
            }
            isComplete = transaction.add(rows);
            if (isComplete) {
                open.remove(tag);
            }
        }
        if (isComplete) {
            transaction.commit(write);
        }
        return transaction.result();
    }
}
