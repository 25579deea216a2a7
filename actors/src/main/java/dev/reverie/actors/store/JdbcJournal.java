package dev.reverie.actors.store;

import com.typesafe.config.Config;
import dev.reverie.actors.store.StoredRow.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.apache.pekko.serialization.SerializationExtension;
import scala.concurrent.Future;
import scala.concurrent.Future$;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/**
 * The events of actors in a {@link Store}. Pekko creates it, because {@code store.conf} names it. Events are deleted by
 * {@link Retention} only.
 */
public final class JdbcJournal extends AsyncWriteJournal {

    private final Store store;
    private final RowCodec codec;
    /** The writes that are not yet durable, by persistence id. */
    private final Map<String, CompletionStage<Done>> writing = new ConcurrentHashMap<>();

    /** Creates the journal of the store that the configuration names. */
    public JdbcJournal(Config config) {
        this.store = Store.open(config);
        this.codec = new RowCodec(SerializationExtension.get(context().system()));
    }

    @Override
    public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> messages) {
        List<StoredRow> rows = new ArrayList<>();
        List<Optional<Exception>> rejections = new ArrayList<>();
        String persistenceId = "";
        for (AtomicWrite message : messages) {
            persistenceId = message.persistenceId(); // that of all
            rejections.add(add(message, rows));
        }
        return FutureConverters.asScala(write(persistenceId, rows).thenApply(_ -> rejections));
    }

    /** Adds the rows of a write, and returns why they cannot be written. */
    private Optional<Exception> add(AtomicWrite message, List<StoredRow> rows) {
        try {
            rows.addAll(CollectionConverters.asJava(message.payload()).stream()
                    .map(codec::row)
                    .toList());
            return Optional.empty();
        } catch (RuntimeException unserializable) {
            return Optional.of(unserializable);
        }
    }

    private CompletionStage<Done> write(String persistenceId, List<StoredRow> rows) {
        CompletionStage<Done> written = store.insert(rows);
        writing.put(persistenceId, written);
        return written.whenComplete((_, _) -> writing.remove(persistenceId, written));
    }

    /** Waits for the last write of the actor, which may have been restarted meanwhile. */
    @Override
    public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
        CompletionStage<Done> last =
                writing.getOrDefault(persistenceId, CompletableFuture.completedStage(Done.getInstance()));
        return FutureConverters.asScala(last.handle((_, _) -> Done.getInstance())
                .thenCompose(
                        _ -> store.read(connection -> StoreRows.highestSequenceNumber(connection, persistenceId))));
    }

    @Override
    public Future<Void> doAsyncReplayMessages(
            String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replay) {
        Consumer<Event> onEvent = row -> replay.accept(codec.event(row));
        return FutureConverters.asScala(store.read(connection -> {
                    StoreRows.events(connection, persistenceId, from, to, max, onEvent);
                    return Done.getInstance();
                })
                .thenAccept(_ -> {}));
    }

    @Override
    public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
        return Future$.MODULE$.failed(new UnsupportedOperationException("Retention deletes events"));
    }
}
