package dev.reverie.actors.backup;

import dev.reverie.actors.lifecycle.ClassPersistenceId;
import dev.reverie.actors.store.StoredRow;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.pekko.util.ByteString;

/**
 * Reads a backup from its first byte to its last, and refuses it where it is damaged or incomplete. Only after
 * {@link #next} has returned empty is the backup known to be whole. Not thread safe.
 */
public final class BackupReader implements AutoCloseable {

    /** Maximum number of characters of a reason in a message. A damaged or foreign file can have a longer one. */
    private static final int LONGEST_REASON_SHOWN = 800;

    private final InputStream in;
    private final String name;
    private final BackupSummary.Header header;
    private String lastOwner = "";
    private long bytes;
    /** The number of bytes before the current record. */
    private long recordStart;

    private long records;
    private long classes;
    private long events;
    private long snapshots;
    private long payloadBytes;
    private boolean complete;

    /**
     * Starts to read a backup.
     *
     * @param in the backup, buffered; closed with this reader, and by the caller if this constructor fails
     * @param name name of the backup for messages
     * @throws BackupException if the bytes are not the beginning of a backup in a known version
     */
    public BackupReader(InputStream in, String name) throws IOException {
        this.in = in;
        this.name = name;
        byte[] prefix = in.readNBytes(BackupFormat.PREFIX);
        if (!Arrays.equals(BackupFormat.MAGIC, Arrays.copyOf(prefix, BackupFormat.MAGIC.length))) {
            throw new BackupException(
                    "the file " + name + " is not a backup of Reverie: name a file that backup or store export wrote");
        }
        if (prefix.length < BackupFormat.PREFIX) {
            throw incomplete();
        }
        int version = new DataInputStream(new ByteArrayInputStream(prefix, BackupFormat.MAGIC.length, Integer.BYTES))
                .readInt();
        if (version < 1 || version > BackupFormat.VERSION) {
            throw new BackupException("the backup " + name + " has format " + version
                    + ", but this program reads only formats up to " + BackupFormat.VERSION
                    + ": use the version of Reverie that wrote it, or another backup if it is damaged");
        }
        bytes = prefix.length;
        header = readHeader();
    }

    /** What the backup says about its store. */
    public BackupSummary.Header header() {
        return header;
    }

    /** The number of bytes that have been read. */
    public long bytesRead() {
        return bytes;
    }

    /**
     * Reads the next row.
     *
     * @return empty at the end of a complete backup
     * @throws BackupException if the backup is damaged or incomplete
     */
    public Optional<StoredRow> next() throws IOException {
        if (complete) {
            return Optional.empty();
        }
        Entry next = nextEntry();
        DataInputStream body = next.body();
        try {
            return switch (next.type()) {
                case BackupFormat.EVENT -> Optional.of(event(body));
                case BackupFormat.SNAPSHOT -> Optional.of(snapshot(body));
                case BackupFormat.END -> end(body);
                case BackupFormat.ABORTED -> throw aborted(body);
                default -> throw damaged();
            };
        } catch (EOFException | UTFDataFormatException malformedBody) {
            throw damaged();
        }
    }

    /**
     * Reads the rest of a backup.
     *
     * @throws BackupException if the backup is damaged or incomplete
     */
    public BackupSummary verify() throws IOException {
        while (next().isPresent()) {
            // next verifies the row
        }
        return new BackupSummary(header, classes, events, snapshots, bytes);
    }

    private BackupSummary.Header readHeader() throws IOException {
        Entry first = nextEntry();
        DataInputStream body = first.body();
        try {
            if (first.type() == BackupFormat.ABORTED) {
                throw aborted(body);
            }
            if (first.type() != BackupFormat.HEADER) {
                throw damaged();
            }
            Instant taken = Instant.ofEpochMilli(body.readLong());
            int format = body.readInt();
            int factor = body.readInt();
            return new BackupSummary.Header(
                    taken,
                    format,
                    factor == BackupFormat.NO_FACTOR ? OptionalInt.empty() : OptionalInt.of(factor),
                    body.readLong());
        } catch (EOFException | UTFDataFormatException malformedBody) {
            throw damaged();
        }
    }

    private StoredRow event(DataInputStream body) throws IOException {
        StoredRow.Event event = new StoredRow.Event(
                body.readUTF(),
                body.readLong(),
                body.readBoolean(),
                body.readUTF(),
                body.readLong(),
                body.readUTF(),
                body.readInt(),
                body.readUTF(),
                ByteString.fromArrayUnsafe(body.readAllBytes()));
        events++;
        count(event);
        return event;
    }

    private StoredRow snapshot(DataInputStream body) throws IOException {
        StoredRow.Snapshot snapshot = new StoredRow.Snapshot(
                body.readUTF(),
                body.readLong(),
                body.readLong(),
                body.readInt(),
                body.readUTF(),
                ByteString.fromArrayUnsafe(body.readAllBytes()));
        snapshots++;
        count(snapshot);
        return snapshot;
    }

    private void count(StoredRow row) {
        payloadBytes += row.payload().size();
        String owner = row.persistenceId();
        if (!owner.equals(lastOwner) && ClassPersistenceId.indexOf(owner).isPresent()) {
            classes++;
        }
        lastOwner = owner;
    }

    private Optional<StoredRow> end(DataInputStream body) throws IOException {
        if (body.readLong() != events || body.readLong() != snapshots || payloadBytes != header.payloadBytes()) {
            throw damaged();
        }
        recordStart = bytes;
        if (in.read() >= 0) {
            throw damaged();
        }
        complete = true;
        return Optional.empty();
    }

    private record Entry(byte type, DataInputStream body) {}

    /** Reads a record, and its body only if its length is certain, since a damaged length could exhaust the memory. */
    private Entry nextEntry() throws IOException {
        DataInputStream data = new DataInputStream(in);
        try {
            byte type = data.readByte();
            while (type == BackupFormat.FILLER) {
                bytes++;
                type = data.readByte();
            }
            recordStart = bytes;
            int length = data.readInt();
            if (data.readInt() != BackupFormat.headChecksum(records, type, length) || length < 0) {
                throw damaged();
            }
            byte[] body = data.readNBytes(length);
            if (data.readInt() != BackupFormat.checksum(body)) {
                throw damaged();
            }
            records++;
            bytes += BackupFormat.RECORD_HEAD + length + BackupFormat.CHECKSUM;
            return new Entry(type, new DataInputStream(new ByteArrayInputStream(body)));
        } catch (EOFException end) {
            throw incomplete();
        }
    }

    private BackupException aborted(DataInputStream body) throws IOException {
        String reason = body.readUTF();
        return new BackupException("the backup " + name + " is not complete: "
                + (reason.length() > LONGEST_REASON_SHOWN
                        ? reason.substring(0, LONGEST_REASON_SHOWN) + "..."
                        : reason));
    }

    private BackupException damaged() {
        return new BackupException("the backup " + name + " is damaged after " + recordStart
                + " bytes: use another backup or another copy of it");
    }

    private BackupException incomplete() {
        return new BackupException(
                "the backup " + name + " has lost its end: use another backup or another copy of it");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
