package dev.reverie.actors.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import scala.concurrent.Future;
import scala.concurrent.Promise;
import scala.concurrent.Promise$;
import scala.runtime.BoxedUnit;

/** Rows of several persistent actors that are committed together. Not thread safe. */
final class JournalTransaction {

    private final Set<String> participants;
    private final Promise<BoxedUnit> result = Promise$.MODULE$.apply();
    private final List<JournalPekkoSerializationRow> rows = new ArrayList<>();
    private int parts;

    /**
     * Creates a transaction without rows.
     *
     * @param participants persistence ids of the actors that write one part each
     */
    JournalTransaction(Set<String> participants) {
        this.participants = Set.copyOf(participants);
    }

    boolean includes(String persistenceId) {
        return participants.contains(persistenceId);
    }

    /** Adds the rows of one participant; returns whether the rows of all participants are there. */
    boolean add(JournalRows part) {
        rows.addAll(part.rows());
        parts++;
        return parts == participants.size();
    }

    /** Writes all rows in one database transaction. */
    void commit(Function<JournalRows, Future<BoxedUnit>> write) {
        result.completeWith(write.apply(new JournalRows(rows, Set.of())));
    }

    void abort(StoreException reason) {
        result.failure(reason);
    }

    /** Completes when all rows are durable; fails if none was written. */
    Future<BoxedUnit> result() {
        return result.future();
    }
}
