package dev.reverie.actors.backup;

import dev.reverie.actors.store.StoredRow;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Encodes a backup as bytes: {@link #begin}, {@link #header}, {@link #row} for each row, and {@link #end}, or
 * {@link #abort} if the rest of the store cannot be read. {@link BackupFormat} describes the bytes. Not thread safe.
 */
public final class BackupEncoder {

    /** Characters of a reason that fit into a string of 65,535 bytes, since a character takes up to 3. */
    private static final int LONGEST_REASON = 65_535 / 3;

    private long records;
    private long events;
    private long snapshots;

    /** Returns the first bytes of a backup, which do not depend on the store. */
    public byte[] begin() {
        return ByteBuffer.allocate(BackupFormat.PREFIX)
                .put(BackupFormat.MAGIC)
                .putInt(BackupFormat.VERSION)
                .array();
    }

    /** Returns the bytes of the header, which follow the first ones. */
    public byte[] header(BackupSummary.Header header) {
        return record(BackupFormat.HEADER, out -> {
            out.writeLong(header.taken().toEpochMilli());
            out.writeInt(header.storeFormat());
            out.writeInt(header.factor().orElse(BackupFormat.NO_FACTOR));
            out.writeLong(header.payloadBytes());
        });
    }

    /** Returns the bytes of the next row. The rows of an actor must follow each other. */
    public byte[] row(StoredRow row) {
        return switch (row) {
            case StoredRow.Event event -> {
                events++;
                yield record(BackupFormat.EVENT, out -> {
                    writeKey(out, event);
                    out.writeBoolean(event.deleted());
                    out.writeUTF(event.writer());
                    out.writeLong(event.written());
                    out.writeUTF(event.adapterManifest());
                    writeData(out, event.serializer(), event);
                });
            }
            case StoredRow.Snapshot snapshot -> {
                snapshots++;
                yield record(BackupFormat.SNAPSHOT, out -> {
                    writeKey(out, snapshot);
                    out.writeLong(snapshot.created());
                    writeData(out, snapshot.serializer(), snapshot);
                });
            }
        };
    }

    private static void writeKey(DataOutputStream out, StoredRow row) throws IOException {
        out.writeUTF(row.persistenceId());
        out.writeLong(row.sequenceNumber());
    }

    private static void writeData(DataOutputStream out, int serializer, StoredRow row) throws IOException {
        out.writeInt(serializer);
        out.writeUTF(row.manifest());
        out.write(row.payload().toArrayUnsafe());
    }

    public byte[] end() {
        return record(BackupFormat.END, out -> {
            out.writeLong(events);
            out.writeLong(snapshots);
        });
    }

    /**
     * Returns the last bytes of a backup that cannot be completed.
     *
     * @param reason sentence without a full stop that says what is wrong and what to do; only its first 21,845
     *     characters are kept
     */
    public byte[] abort(String reason) {
        return record(
                BackupFormat.ABORTED,
                out -> out.writeUTF(reason.substring(0, Math.min(reason.length(), LONGEST_REASON))));
    }

    @FunctionalInterface
    private interface Body {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private byte[] record(byte type, Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            body.writeTo(new DataOutputStream(bytes));
        } catch (IOException failure) {
            throw new UncheckedIOException("writing to memory does not fail", failure);
        }
        return BackupFormat.frame(records++, type, bytes.toByteArray());
    }
}
