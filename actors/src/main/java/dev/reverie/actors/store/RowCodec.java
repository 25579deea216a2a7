package dev.reverie.actors.store;

import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.PersistentRepr$;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.apache.pekko.util.ByteString;

/** Turns what Pekko Persistence stores into rows and back. Thread safe. */
record RowCodec(Serialization serialization) {

    StoredRow.Event row(PersistentRepr event) {
        Serializer serializer = serialization.findSerializerFor(event.payload());
        return new StoredRow.Event(
                event.persistenceId(),
                event.sequenceNr(),
                event.deleted(),
                event.writerUuid(),
                event.timestamp(),
                event.manifest(),
                serializer.identifier(),
                Serializers.manifestFor(serializer, event.payload()),
                ByteString.fromArrayUnsafe(serializer.toBinary(event.payload())));
    }

    PersistentRepr event(StoredRow.Event row) {
        return PersistentRepr$.MODULE$
                .apply(
                        payload(row, row.serializer()),
                        row.sequenceNumber(),
                        row.persistenceId(),
                        row.adapterManifest(),
                        row.deleted(),
                        ActorRef.noSender(),
                        row.writer())
                .withTimestamp(row.written());
    }

    StoredRow.Snapshot row(SnapshotMetadata metadata, Object snapshot) {
        Serializer serializer = serialization.findSerializerFor(snapshot);
        return new StoredRow.Snapshot(
                metadata.persistenceId(),
                metadata.sequenceNr(),
                metadata.timestamp(),
                serializer.identifier(),
                Serializers.manifestFor(serializer, snapshot),
                ByteString.fromArrayUnsafe(serializer.toBinary(snapshot)));
    }

    SelectedSnapshot snapshot(StoredRow.Snapshot row) {
        return SelectedSnapshot.create(
                new SnapshotMetadata(row.persistenceId(), row.sequenceNumber(), row.created()),
                payload(row, row.serializer()));
    }

    private Object payload(StoredRow row, int serializer) {
        return serialization
                .deserialize(row.payload().toArrayUnsafe(), serializer, row.manifest())
                .get();
    }
}
