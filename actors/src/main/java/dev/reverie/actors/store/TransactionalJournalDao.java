package dev.reverie.actors.store;

import com.typesafe.config.Config;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.pattern.CircuitBreaker;
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
import scala.concurrent.Future$;
import scala.runtime.BoxedUnit;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;

/**
 * Writes the events of {@link JournalTransactions} of several actors in one database transaction, and all other events
 * as the journal does by default. Pekko creates it, because {@code store.conf} names it.
 *
 * <p>The journal writes the rows of unrelated actors in one database transaction if they arrive while others are being
 * written. If the database refuses a row of such a batch, the rows of each actor are written again by themselves, so
 * that only those of the refused row fail.
 *
 * <p>While the database fails, a circuit breaker fails all writes, and the first query of a recovery, at once. It
 * counts failed database transactions, but not refused rows. The journal's own circuit breaker is turned off: it counts
 * the write of each actor, so one aborted transaction of many actors would open it, and the writes of all others would
 * fail.
 */
public final class TransactionalJournalDao extends DefaultJournalDao {

    private static final String BREAKER = "jdbc-journal.database-circuit-breaker";

    private final JournalTransactions transactions;
    private final CircuitBreaker breaker;

    public TransactionalJournalDao(
            JdbcBackend.JdbcDatabaseDef database,
            JdbcProfile profile,
            JournalConfig configuration,
            Serialization serialization,
            ExecutionContext executor,
            Materializer materializer) {
        super(database, profile, configuration, serialization, executor, materializer);
        this.transactions = JournalTransactions.of(Adapter.toTyped(materializer.system()));
        Config settings = materializer.system().settings().config().getConfig(BREAKER);
        this.breaker = new CircuitBreaker(
                executor,
                materializer.system().scheduler(),
                settings.getInt("max-failures"),
                settings.getDuration("call-timeout"),
                settings.getDuration("reset-timeout"));
    }

    @Override
    public Future<BoxedUnit> queueWriteJournalRows(Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> rows) {
        return transactions.write(JournalRows.of(rows), this::writeInBatch);
    }

    private Future<BoxedUnit> writeInBatch(JournalRows rows) {
        return super.queueWriteJournalRows(rows.untagged())
                .transformWith(
                        result -> result.isFailure()
                                        && RefusedRow.causes(result.failed().get())
                                ? writeJournalRows(rows.untagged())
                                : Future$.MODULE$.fromTry(result),
                        ec());
    }

    @Override
    public Future<BoxedUnit> writeJournalRows(Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> rows) {
        return breaker.callWithCircuitBreaker(
                () -> super.writeJournalRows(rows), (_, failure) -> failure.filter(cause -> !RefusedRow.causes(cause))
                        .isPresent());
    }

    @Override
    public Future<Object> highestSequenceNr(String persistenceId, long fromSequenceNumber) {
        return breaker.callWithCircuitBreaker(() -> super.highestSequenceNr(persistenceId, fromSequenceNumber));
    }
}
