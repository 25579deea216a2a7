package dev.reverie.actors.store;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The write-ahead log of an SQLite database that no process uses. It remains when a process is killed. SQLite then
 * reads it up to the first frame whose checksum does not match, as after a kill in the middle of a write, so a flipped
 * bit or a truncation silently takes all later commits away. This class tells that from a kill:
 *
 * <ul>
 *   <li>The index beside the log, which is shared memory in a file, says up to which frame transactions were committed.
 *       SQLite writes that after it has flushed the log, so a log that ends before is damaged. Only SQLite trusts no
 *       index that is left over, because a power cut can leave an older one. The generation of the log is in both.
 *   <li>Without such an index: a transaction begins when the one before it is flushed. So a kill leaves no commit after
 *       an incomplete frame, and a power cut at most that of the transaction with this frame. Two commits of the same
 *       generation after the end show that the end was damaged.
 * </ul>
 *
 * @param log the file of the log
 * @param index the file of its index
 */
record WriteAheadLog(Path log, Path index) {

    private static final int HEADER = 32;
    private static final int FRAME_HEADER = 24;
    private static final int MAGIC = 0x377f0682;
    private static final int LARGEST_PAGE = 1 << 16;
    /** Bytes of the index's header, which is there twice and is followed by the number of frames in the database. */
    private static final int INDEX_HEADER = 48;
    /** Where the index says up to which frame pages may have been moved into the database. */
    private static final int ATTEMPTED = 128;

    /** What follows from the end of a log. */
    enum End {
        /** Everything that was committed is there. */
        WHOLE,
        /** The last commits are missing. */
        CUT,
        /** The log is damaged, but everything that it had is in the database too, so it must not be read. */
        NEEDLESS,
        /** A part of what is missing is in the database, which is therefore neither old nor new. */
        MIXED,
        /**
         * Commits are missing, and without an index nobody knows whether a part of them is in the database. It is not
         * if a power cut has taken them, because only what is flushed is moved into the database.
         */
        CUT_OR_MIXED
    }

    static WriteAheadLog of(Path database) {
        return new WriteAheadLog(
                database.resolveSibling(database.getFileName() + "-wal"),
                database.resolveSibling(database.getFileName() + "-shm"));
    }

    boolean exists() {
        return Files.exists(log);
    }

    void delete() throws IOException {
        Files.deleteIfExists(log);
        Files.deleteIfExists(index);
    }

    /**
     * Reads a database that nobody changes together with its log, and leaves the index of the log as it is. Without a
     * log, no file is created.
     *
     * @param end of the log, which must be readable
     */
    Reader reader(SqliteDatabase database, End end) throws SQLException {
        if (!exists() || end == End.NEEDLESS) {
            return new Reader(database.connectUnshared("immutable=1"), Optional.empty());
        }
        return Files.exists(index)
                ? new Reader(database.connectUnshared("readonly_shm=1"), Optional.empty())
                : new Reader(database.connectUnshared("mode=ro"), Optional.of(index));
    }

    /**
     * A connection that reads.
     *
     * @param created the index, if SQLite creates one for this connection
     */
    record Reader(Connection connection, Optional<Path> created) implements AutoCloseable {

        @Override
        public void close() throws SQLException, IOException {
            connection.close();
            if (created.isPresent()) {
                Files.deleteIfExists(created.get());
            }
        }
    }

    /**
     * Finds out whether the log has lost its end.
     *
     * @throws IOException if a file cannot be read
     */
    End end() throws IOException {
        Optional<Committed> committed = committed();
        if (!exists()) {
            return committed.map(found -> found.endOf(0)).orElse(End.WHOLE);
        }
        Frames frames = readFrames();
        if (!frames.hasHeader) {
            End withoutIndex = frames.hasFrames ? End.CUT_OR_MIXED : End.WHOLE;
            return committed.map(found -> found.endOf(0)).orElse(withoutIndex);
        }
        Optional<Committed> same = committed.filter(found -> found.generation() == frames.generation);
        if (same.isEmpty()) {
            return frames.commitsAfterEnd > 1 ? End.CUT_OR_MIXED : End.WHOLE;
        }
        return same.get().endOf(frames.committed);
    }

    /**
     * What the index says.
     *
     * @param generation identifies the log since it was last written from its beginning
     * @param frames number of frames up to the last commit
     * @param inDatabase number of frames whose pages are in the database
     * @param attempted number of frames whose pages may be in the database
     */
    private record Committed(long generation, int frames, int inDatabase, int attempted) {

        End endOf(int remaining) {
            if (remaining >= frames) {
                return End.WHOLE;
            }
            if (Math.max(inDatabase, attempted) <= remaining) {
                return End.CUT;
            }
            return inDatabase == frames ? End.NEEDLESS : End.MIXED;
        }
    }

    /** Reads the index; empty if it is missing or was being changed. */
    private Optional<Committed> committed() throws IOException {
        if (!Files.exists(index)) {
            return Optional.empty();
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(index)) {
            bytes = in.readNBytes(ATTEMPTED + Integer.BYTES);
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int sums = INDEX_HEADER - 2 * Integer.BYTES;
        boolean whole = bytes.length == ATTEMPTED + Integer.BYTES
                && Arrays.equals(bytes, 0, INDEX_HEADER, bytes, INDEX_HEADER, 2 * INDEX_HEADER)
                && new Checksum()
                        .add(header.slice(0, sums).order(header.order()))
                        .matches(header.slice(sums, 8).order(header.order()));
        return whole
                ? Optional.of(new Committed(
                        ByteBuffer.wrap(bytes).getLong(sums - 8),
                        header.getInt(16),
                        header.getInt(2 * INDEX_HEADER),
                        header.getInt(ATTEMPTED)))
                : Optional.empty();
    }

    /** The frames of the log, as far as they have been read. */
    private static final class Frames {

        private boolean hasHeader;
        private long generation;
        private int committed;
        private int commitsAfterEnd;
        private boolean hasFrames;
    }

    private Frames readFrames() throws IOException {
        Frames frames = new Frames();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(log))) {
            ByteBuffer header = ByteBuffer.wrap(in.readNBytes(HEADER));
            if (header.limit() < HEADER) {
                return frames;
            }
            ByteOrder order = (header.getInt(0) & 1) == 1 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            Checksum chain = new Checksum().add(header.slice(0, FRAME_HEADER).order(order));
            int page = header.getInt(8);
            boolean whole = (header.getInt(0) & ~1) == MAGIC
                    && chain.matches(header.slice(FRAME_HEADER, 8))
                    && Integer.bitCount(page) == 1
                    && page <= LARGEST_PAGE;
            if (!whole) {
                frames.hasFrames = in.read() >= 0; // SQLite ignores all frames
                return frames;
            }
            frames.hasHeader = true;
            frames.generation = header.getLong(16);
            readFrames(in, frames, FRAME_HEADER + page, chain, order);
        }
        return frames;
    }

    private static void readFrames(InputStream in, Frames frames, int size, Checksum chain, ByteOrder order)
            throws IOException {
        boolean ended = false;
        int number = 1;
        for (byte[] bytes = in.readNBytes(size); bytes.length == size; bytes = in.readNBytes(size)) {
            ByteBuffer frame = ByteBuffer.wrap(bytes);
            boolean commits = frame.getInt(4) != 0;
            boolean sameGeneration = frame.getLong(8) == frames.generation;
            if (!ended && sameGeneration) {
                chain.add(frame.slice(0, 8).order(order))
                        .add(frame.slice(FRAME_HEADER, size - FRAME_HEADER).order(order));
            }
            ended = ended || !sameGeneration || !chain.matches(frame.slice(16, 8));
            if (!ended) {
                frames.committed = commits ? number : frames.committed;
            } else if (commits && sameGeneration) {
                frames.commitsAfterEnd++;
            }
            number++;
        }
    }

    /** The checksum of SQLite's log, over pairs of 32-bit words. */
    private static final class Checksum {

        private int first;
        private int second;

        Checksum add(ByteBuffer words) {
            while (words.hasRemaining()) {
                first += words.getInt() + second;
                second += words.getInt() + first;
            }
            return this;
        }

        boolean matches(ByteBuffer stored) {
            return stored.getInt() == first && stored.getInt() == second;
        }
    }
}
