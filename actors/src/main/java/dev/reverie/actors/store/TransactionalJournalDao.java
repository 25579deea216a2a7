package dev.reverie.actors.store;

import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.persistence.jdbc.journal.dao.DefaultJournalDao;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.collection.immutable.Set;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;

/**
 * Writes the events of {@link JournalTransactions} of several actors in one database transaction, and all other events
 * as the journal does by default. Pekko creates it, because {@code store.conf} names it.
 */
public final class TransactionalJournalDao extends DefaultJournalDao {

    private final JournalTransactions transactions;

    public TransactionalJournalDao(
            JdbcBackend.JdbcDatabaseDef database,
            JdbcProfile profile,
            JournalConfig configuration,
            Serialization serialization,
            ExecutionContext executor,
            Materializer materializer) {
        super(database, profile, configuration, serialization, executor, materializer);
        this.transactions = JournalTransactions.of(Adapter.toTyped(materializer.system()));
    }

    @Override
    public Future<BoxedUnit> queueWriteJournalRows(Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> rows) {
        return transactions.write(JournalRows.of(rows), all -> super.queueWriteJournalRows(all.untagged()));
    }
}
