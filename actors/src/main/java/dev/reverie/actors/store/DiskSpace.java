package dev.reverie.actors.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;

/**
 * The disk of a store.
 *
 * @param freeBytes its usable space, as far as that is known
 * @param reserve the store is read-only when less space is left, and until there is twice as much
 * @param trial the write that must succeed before a full store accepts writes again
 * @param longestPause limit of the pauses between two trials, in seconds
 */
record DiskSpace(LongSupplier freeBytes, long reserve, StoreWriter.Task<Done> trial, int longestPause) {

    /** The space that is left for the last writes, in bytes. */
    private static final long RESERVE = 16 << 20;

    private static final int FOLDER_PAUSE = 8;
    private static final int SERVER_PAUSE = 30;
    private static final int BLOCK = 1 << 20;

    /** The disk of a file, which may have a quota that its free space does not show. */
    static DiskSpace of(SqliteDatabase database) {
        Path folder = database.folder();
        long reserve = Math.min(RESERVE, folder.toFile().getTotalSpace() / 10);
        StoreWriter.Task<Done> trial = connection -> {
            fill(folder.resolve("space"), reserve);
            return StoreRows.touch(connection, database);
        };
        return new DiskSpace(folder.toFile()::getUsableSpace, reserve, trial, FOLDER_PAUSE);
    }

    /** The disk of a server, whose free space is not known. */
    static DiskSpace ofServer() {
        return new DiskSpace(() -> Long.MAX_VALUE, 0, StoreRows::probeSpace, SERVER_PAUSE);
    }

    /** Writes a file and deletes it. */
    static void fill(Path file, long bytes) throws SQLException {
        byte[] block = new byte[BLOCK];
        try (OutputStream out = Files.newOutputStream(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            for (long left = bytes; left > 0; left -= block.length) {
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        } catch (IOException failure) {
            throw new SQLException("the disk has no room for " + bytes + " bytes", failure);
        }
    }
}
