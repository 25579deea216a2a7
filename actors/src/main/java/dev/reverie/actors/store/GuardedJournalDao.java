package dev.reverie.actors.store;

import com.typesafe.config.Config;
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
 * Writes events as the journal does by default, but guards the actors against each other's failures. Pekko creates it,
 * because {@code store.conf} names it.
 *
 * <p>The journal writes the rows of several actors in one database transaction if they arrive while others are being
 * written. If the database refuses a row of such a batch, the rows of each actor are written again by themselves, so
 * that only those of the refused row fail.
 *
 * <p>While the database fails, a circuit breaker fails all writes, and the first query of a recovery, at once. It
 * counts failed database transactions, but not refused rows. The journal's own circuit breaker is turned off: it counts
 * the write of each actor, so one failed transaction of many actors would open it, and the writes of all others would
 * fail.
 */
public final class GuardedJournalDao extends DefaultJournalDao {

    private static final String BREAKER = "jdbc-journal.database-circuit-breaker";

    private final CircuitBreaker breaker;

    public GuardedJournalDao(
            JdbcBackend.JdbcDatabaseDef database,
            JdbcProfile profile,
            JournalConfig configuration,
            Serialization serialization,
            ExecutionContext executor,
            Materializer materializer) {
        super(database, profile, configuration, serialization, executor, materializer);
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
        return super.queueWriteJournalRows(rows)
                .transformWith(
                        result -> result.isFailure()
                                        && RefusedRow.causes(result.failed().get())
                                ? writeJournalRows(rows)
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
