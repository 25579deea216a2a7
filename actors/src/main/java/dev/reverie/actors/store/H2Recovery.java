package dev.reverie.actors.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.h2.store.fs.FilePath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be written into an H2 file that was not closed, or that H2 cannot open although it was, so that H2 opens
 * its newest complete version. After a power cut, any part of the writes after the last flush may be missing; after a
 * failed write or a kill, the end of the last one. H2 looks for the newest version where the header of the file points,
 * in the chunks that were written next, and at the end of the file, and is content with an older version if one of
 * these is complete. It searches the whole file only if none is. A recovery searches the whole file first, and writes
 * the position of the newest complete version into the header.
 *
 * <p>It also makes two kinds of chunks unreadable. Chunks of later versions are incomplete, and H2 assigns their
 * numbers again, so it could take them for later chunks at another recovery. Copies remain when H2 is interrupted while
 * it moves chunks: H2 would use a copy without writing down where it is, and overwrite the original.
 *
 * <p>The newest complete version may have a chunk of which only a part reached the disk, which H2 does not detect. In
 * that case, the file must return to an earlier version, which was flushed.
 *
 * @param lostWrites number of versions after the newest complete one, as far as the file shows that they were written
 * @param writes the bytes to write, by their position in the file; empty if H2 finds the newest version itself
 * @param earlier the recovery of a flushed version before this one, to be used if this version has damage
 */
record H2Recovery(long lostWrites, Map<Long, byte[]> writes, Supplier<Optional<H2Recovery>> earlier) {

    private static final Logger LOG = LoggerFactory.getLogger(H2Recovery.class);

    static final H2Recovery NONE = new H2Recovery(0, Map.of(), Optional::empty);

    /** How many versions are tried. H2 should accept the first. */
    private static final int ATTEMPTS = 3;

    /** Makes the header or the footer of a chunk invalid if it is the first byte. */
    private static final byte[] INVALID = {'-'};

    /**
     * Finds out what must be written into a file that was not closed cleanly, without changing it.
     *
     * @param file path of the file
     * @param scan the chunks in the file
     * @param written the newest version that was written
     * @param found the version that H2 finds; 0 if it cannot read the file
     */
    static H2Recovery of(Path file, H2ChunkScan scan, long written, long found) throws IOException {
        String path = file.toString();
        List<Long> flushed = H2FileHeader.of(file).flushedVersions();
        if (written <= found) {
            return new H2Recovery(
                    0, withoutCopies(path, scan, found), () -> earlier(found, path, scan, found, flushed));
        }
        return upTo(Long.MAX_VALUE, path, scan, written, flushed)
                .or(() -> earlier(Long.MAX_VALUE, path, scan, written, flushed))
                .orElseGet(() -> new H2Recovery(found > 0 ? written - found : 0, Map.of(), Optional::empty));
    }

    /** What makes the copies of chunks invalid in a file whose newest version H2 finds. */
    private static Map<Long, byte[]> withoutCopies(String file, H2ChunkScan scan, long found) {
        Map<Long, byte[]> writes = H2FileVersion.open(file, Map.of(), false)
                .map(version -> invalidated(version, scan.copiesOf(version.chunks())))
                .orElse(Map.of());
        if (writes.isEmpty()) {
            return writes;
        }
        boolean finds = H2FileVersion.open(file, writes, false)
                .filter(version -> version.number() == found)
                .isPresent();
        return finds ? writes : Map.of();
    }

    /**
     * Finds out what must be written into a file that was closed cleanly, but that H2 cannot open: when a commit that
     * reuses the space of a chunk fails, the next version still mentions that chunk, which H2 ignores only in a file
     * that was not closed.
     *
     * @return empty if the version that was closed is not complete
     */
    static Optional<H2Recovery> ofClosed(Path file) throws IOException {
        H2FileHeader header = H2FileHeader.of(file);
        Map<Long, byte[]> writes = header.unclean();
        return H2FileVersion.open(file.toString(), writes, false)
                .filter(version -> version.number() == header.version())
                .map(version -> new H2Recovery(0, writes, Optional::empty));
    }

    /** The recovery of the newest flushed version before another version. */
    private static Optional<H2Recovery> earlier(
            long before, String file, H2ChunkScan scan, long written, List<Long> flushed) {
        return flushed.stream()
                .filter(version -> version < before)
                .max(Comparator.naturalOrder())
                .flatMap(version -> upTo(version, file, scan, written, flushed)
                        .or(() -> earlier(version, file, scan, written, flushed)));
    }

    /** The recovery of the newest complete version that is not later than another version. */
    private static Optional<H2Recovery> upTo(
            long limit, String file, H2ChunkScan scan, long written, List<Long> flushed) {
        Map<Long, byte[]> writes = new TreeMap<>();
        scan.startsAfter(limit).forEach(position -> writes.put(position, INVALID));
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<H2FileVersion> newest = newest(file, writes);
            if (newest.isEmpty()) {
                return Optional.empty();
            }
            H2FileVersion version = newest.get();
            Map<Long, byte[]> complete = writes(version, scan, scan.startsAfter(version.number()));
            long opened = H2FileVersion.open(file, complete, false)
                    .map(H2FileVersion::number)
                    .orElse(0L);
            if (opened == version.number()) {
                return Optional.of(new H2Recovery(
                        Math.max(0, written - opened), complete, () -> earlier(opened, file, scan, written, flushed)));
            }
            writes.putAll(writes(version, scan, scan.startsAfter(version.number() - 1)));
        }
        return Optional.empty();
    }

    /** The newest version that H2 opens, where it expects it or after it has searched the whole file. */
    private static Optional<H2FileVersion> newest(String file, Map<Long, byte[]> writes) {
        Optional<H2FileVersion> expected = H2FileVersion.open(file, writes, false);
        Optional<H2FileVersion> searched = H2FileVersion.open(file, writes, true);
        boolean searchFindsOlder = expected.isPresent()
                && searched.map(found -> found.number() < expected.get().number())
                        .orElse(true);
        return searchFindsOlder ? expected : searched;
    }

    private static Map<Long, byte[]> writes(H2FileVersion version, H2ChunkScan scan, List<Long> later) {
        Map<Long, byte[]> writes = invalidated(version, later);
        writes.putAll(invalidated(version, scan.copiesOf(version.chunks())));
        writes.putAll(H2FileHeader.writes(version.header()));
        return writes;
    }

    /** Makes the headers and footers at positions that a version does not use invalid. */
    private static Map<Long, byte[]> invalidated(H2FileVersion version, List<Long> positions) {
        Map<Long, byte[]> writes = new TreeMap<>();
        positions.stream()
                .filter(position -> !version.uses(position))
                .forEach(position -> writes.put(position, INVALID));
        return writes;
    }

    /**
     * Writes into the file and flushes it. If this is interrupted, the next recovery finds the same version.
     *
     * @param file path of the file, which may begin with a file system of H2
     */
    void apply(String file) throws SQLException {
        if (writes.isEmpty()) {
            return;
        }
        try (FileChannel channel = FilePath.get(file).open("rw")) {
            for (Map.Entry<Long, byte[]> write : writes.entrySet()) {
                channel.write(ByteBuffer.wrap(write.getValue()), write.getKey());
            }
            channel.force(true);
        } catch (IOException failure) {
            throw new SQLException(failure);
        }
    }

    /** Logs a warning if writes are missing from the version to which the file returns. */
    void warnOfLostWrites(String store) {
        if (lostWrites > 0) {
            LOG.warn(
                    "The file of the store {} is damaged and has lost its last {} writes, for example in a power cut."
                            + " It continues without them. Send the latest samples again to restore them.",
                    store,
                    lostWrites);
        }
    }
}
