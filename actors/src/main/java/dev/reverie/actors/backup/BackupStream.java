package dev.reverie.actors.backup;

import dev.reverie.actors.store.StoreException;
import dev.reverie.actors.store.StoreView;
import dev.reverie.actors.store.StoredRow;
import java.time.Instant;
import java.util.Optional;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/** A backup as a sequence of chunks, read from a store as they are asked for. Only {@link #close} is thread safe. */
public final class BackupStream implements AutoCloseable {

    /** Least size of a chunk in bytes, except for the last one. */
    private static final int CHUNK = 1 << 16;

    private final StoreView view;
    private final BackupEncoder encoder = new BackupEncoder();
    private Optional<byte[]> beginning;
    private Optional<StoreException> failure = Optional.empty();
    private boolean complete;

    /**
     * Begins a backup.
     *
     * @param view the rows of the backup; closed with the stream
     * @param taken time at which the view was opened
     */
    public BackupStream(StoreView view, Instant taken) {
        this.view = view;
        this.beginning =
                Optional.of(encoder.begin(new BackupHeader(taken, view.format(), view.factor(), view.payloadBytes())));
    }

    /**
     * Reads the next chunk.
     *
     * @return empty after the last chunk
     * @throws StoreException if a row can't be read; the rows before it are in the chunks that were returned
     */
    public Optional<ByteString> next() {
        if (failure.isPresent()) {
            throw failure.get();
        }
        if (complete) {
            return Optional.empty();
        }
        ByteStringBuilder chunk = ByteString.createBuilder();
        beginning.ifPresent(chunk::putBytes);
        beginning = Optional.empty();
        try {
            while (chunk.length() < CHUNK && !complete) {
                Optional<StoredRow> row = view.next();
                chunk.putBytes(row.map(encoder::row).orElseGet(encoder::end));
                complete = row.isEmpty();
            }
        } catch (StoreException unreadable) {
            failure = Optional.of(unreadable);
        }
        return chunk.isEmpty() ? next() : Optional.of(chunk.result());
    }

    /**
     * Ends a backup that can't be completed, so that its reader learns the reason.
     *
     * @param reason sentence without a full stop that says what is wrong and what to do
     * @return the last chunk
     */
    public ByteString abort(String reason) {
        complete = true;
        failure = Optional.empty();
        return ByteString.fromArrayUnsafe(encoder.abort(reason));
    }

    @Override
    public void close() {
        view.close();
    }
}
