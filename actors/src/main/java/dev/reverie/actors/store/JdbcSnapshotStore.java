package dev.reverie.actors.store;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import org.apache.pekko.serialization.SerializationExtension;
import scala.concurrent.Future;
import scala.concurrent.Future$;
import scala.jdk.javaapi.FutureConverters;

/**
 * The snapshots of actors in a {@link Store}. Pekko creates it, because {@code store.conf} names it. Snapshots are
 * deleted by {@link Retention} only.
 */
public final class JdbcSnapshotStore extends SnapshotStore {

    private final Store store;
    private final RowCodec codec;

    /** Creates the snapshot store of the store that the configuration names. */
    public JdbcSnapshotStore(Config config) {
        this.store = Store.open(config);
        this.codec = new RowCodec(SerializationExtension.get(context().system()));
    }

    @Override
    public Future<Optional<SelectedSnapshot>> doLoadAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return FutureConverters.asScala(store.read(connection ->
                StoreRows.lastSnapshot(connection, persistenceId, criteria).map(codec::snapshot)));
    }

    @Override
    public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
        return FutureConverters.asScala(
                store.insert(List.of(codec.row(metadata, snapshot))).thenAccept(_ -> {}));
    }

    @Override
    public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
        return refuse();
    }

    @Override
    public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return refuse();
    }

    private static Future<Void> refuse() {
        return Future$.MODULE$.failed(new UnsupportedOperationException("Retention deletes snapshots"));
    }
}
