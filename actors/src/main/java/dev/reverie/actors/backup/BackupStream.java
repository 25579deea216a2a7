package dev.reverie.actors.backup;

import dev.reverie.actors.store.StoreException;
import dev.reverie.actors.store.StoreSnapshot;
import dev.reverie.actors.store.StoredRow;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/**
 * A backup as a sequence of chunks, read from a store as they are asked for. Each chunk ends where a record ends. Only
 * {@link #close} is thread safe.
 */
public final class BackupStream implements AutoCloseable {

    /** A chunk without content, which can be sent between two others to show that the backup goes on. */
    public static final ByteString FILLER = ByteString.fromArrayUnsafe(new byte[] {BackupFormat.FILLER});

    /** A chunk of rows ends once it has at least this many bytes. */
    private static final int CHUNK = 1 << 16;

    private final StoreSnapshot snapshot;
    private final Instant taken;
    private final boolean skipsDamage;
    private final Queue<StoredRow> added;
    private final BackupEncoder encoder = new BackupEncoder();
    private Part next = Part.BEGINNING;
    private Optional<StoreException> failure = Optional.empty();

    private BackupStream(StoreSnapshot snapshot, Instant taken, boolean skipsDamage, List<StoredRow> added) {
        this.snapshot = snapshot;
        this.taken = taken;
        this.skipsDamage = skipsDamage;
        this.added = new ArrayDeque<>(added);
    }

    private enum Part {
        BEGINNING,
        HEADER,
        ROWS,
        NOTHING
    }

    /**
     * Begins a backup of a store without damage.
     *
     * @param snapshot the rows of the backup; closed with the stream
     * @param taken time at which the snapshot was opened
     */
    public static BackupStream of(StoreSnapshot snapshot, Instant taken) {
        return new BackupStream(snapshot, taken, false, List.of());
    }

    /**
     * Begins a backup like {@link #of} that leaves out the actors whose rows are damaged.
     *
     * @param added rows that the backup contains after those of the store
     */
    public static BackupStream ofWholeRows(StoreSnapshot snapshot, Instant taken, List<StoredRow> added) {
        return new BackupStream(snapshot, taken, true, added);
    }

    /**
     * Reads the next chunk. The first chunk comes at once; then all rows are verified, which takes minutes for a large
     * store.
     *
     * @return empty after the last chunk
     * @throws StoreException if rows are damaged or cannot be read; the rows before them are in the chunks that were
     *     returned
     */
    public Optional<ByteString> next() {
        if (failure.isPresent()) {
            throw failure.get();
        }
        return switch (next) {
            case BEGINNING -> {
                next = Part.HEADER;
                yield Optional.of(ByteString.fromArrayUnsafe(encoder.begin()));
            }
            case HEADER -> {
                byte[] header = encoder.header(header());
                next = Part.ROWS;
                yield Optional.of(ByteString.fromArrayUnsafe(header));
            }
            case ROWS -> rows();
            case NOTHING -> Optional.empty();
        };
    }

    private BackupSummary.Header header() {
        if (!skipsDamage) {
            snapshot.requireWhole();
        }
        long addedBytes = added.stream().mapToLong(row -> row.payload().size()).sum();
        return new BackupSummary.Header(
                taken, snapshot.format(), snapshot.factor(), snapshot.payloadBytes() + addedBytes);
    }

    private Optional<ByteString> rows() {
        ByteStringBuilder chunk = ByteString.createBuilder();
        try {
            while (chunk.length() < CHUNK && next == Part.ROWS) {
                Optional<StoredRow> row = snapshot.next().or(() -> Optional.ofNullable(added.poll()));
                chunk.putBytes(row.map(encoder::row).orElseGet(encoder::end));
                next = row.isPresent() ? Part.ROWS : Part.NOTHING;
            }
        } catch (StoreException unreadable) {
            failure = Optional.of(unreadable);
        }
        return chunk.isEmpty() ? next() : Optional.of(chunk.result());
    }

    /**
     * Ends a backup that cannot be completed, so that its reader learns the reason.
     *
     * @param reason sentence without a full stop that says what is wrong and what to do
     * @return the last chunk
     */
    public ByteString abort(String reason) {
        next = Part.NOTHING;
        failure = Optional.empty();
        return ByteString.fromArrayUnsafe(encoder.abort(reason));
    }

    @Override
    public void close() {
        snapshot.close();
    }
}
