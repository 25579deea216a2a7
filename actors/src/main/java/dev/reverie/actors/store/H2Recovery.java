package dev.reverie.actors.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;
import org.h2.store.fs.FilePath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be written into an H2 file after a power cut, so that H2 opens its newest complete version. Any part of the
 * writes after the last flush may be missing then. H2 looks for the newest version where the header of the file points,
 * in the chunks that were written next, and at the end of the file, and is content with an older version if one of
 * these is complete. It searches the whole file only if none is. A recovery searches the whole file first, and writes
 * the position of the newest complete version into the header. It also makes the chunks of later versions, which are
 * incomplete, unreadable: H2 assigns their numbers again, so it could take them for later chunks after another power
 * cut. The newest complete version may have a chunk of which only a part reached the disk, which H2 does not detect. In
 * that case, the file must return to an earlier version, which was flushed.
 *
 * @param lostWrites number of versions after the newest complete one, as far as the file shows that they were written
 * @param writes the bytes to write, by their position in the file; empty if H2 finds the newest version itself
 * @param earlier the recovery of a flushed version before this one, to be used if this version has damage
 */
record H2Recovery(long lostWrites, Map<Long, byte[]> writes, Supplier<Optional<H2Recovery>> earlier) {

    private static final Logger LOG = LoggerFactory.getLogger(H2Recovery.class);

    static final H2Recovery NONE = new H2Recovery(0, Map.of(), Optional::empty);

    private static final Pattern FLUSHED =
            Pattern.compile("(?:" + DurableVersion.FLUSHED + "|" + DurableVersion.FLUSHING + "):([0-9a-f]{1,15}),");

    /** How many versions are tried. H2 should accept the first. */
    private static final int ATTEMPTS = 3;

    /** Makes the header or the footer of a chunk invalid if it is the first byte. */
    private static final byte[] INVALID = {'-'};

    /**
     * A complete version in a file.
     *
     * @param number number of the version; H2 counts from 1
     * @param header header of a file whose newest version this is, without its checksum
     * @param live number of blocks by the first block of each chunk that has data of this version
     */
    private record Version(long number, Map<String, Object> header, TreeMap<Long, Integer> live) {

        boolean uses(long position) {
            long block = position / H2ChunkScan.BLOCK_BYTES;
            Map.Entry<Long, Integer> chunk = live.floorEntry(block);
            return chunk != null && block < chunk.getKey() + chunk.getValue();
        }
    }

    /** A file of H2 whose newest version is searched everywhere, if wanted. */
    private static final class SearchedFile extends SingleFileStore {

        private final boolean everywhere;

        SearchedFile(boolean everywhere) {
            super(Map.of());
            this.everywhere = everywhere;
        }

        @Override
        protected void readStoreHeader(boolean recoveryMode) {
            super.readStoreHeader(everywhere); // the recovery mode of H2 would also hide pages that can't be read
        }

        /** The version that was found; empty if the file has none. */
        Optional<Version> version() {
            SFChunk newest = lastChunk;
            if (newest == null) {
                return Optional.empty();
            }
            Map<String, Object> header = new HashMap<>(getStoreHeader());
            header.remove("clean");
            header.put("block", newest.block);
            header.put("chunk", newest.id);
            header.put("version", newest.version);
            TreeMap<Long, Integer> live = new TreeMap<>(Map.of(newest.block, newest.len));
            getLayoutMap().forEach((key, value) -> {
                if (key.startsWith("chunk.")) {
                    Map<String, String> chunk = DataUtils.parseMap(value);
                    if (DataUtils.readHexLong(chunk, "livePages", 1) > 0) {
                        live.put(
                                DataUtils.readHexLong(chunk, "block", 0), (int) DataUtils.readHexLong(chunk, "len", 0));
                    }
                }
            });
            return Optional.of(new Version(newest.version, header, live));
        }
    }

    /**
     * Finds out what must be written into a file that was not closed cleanly, without changing it.
     *
     * @param file path of the file
     * @param scan the chunks in the file
     * @param written the newest version that was written
     * @param found the version that H2 finds; 0 if it can't read the file
     */
    static H2Recovery of(Path file, H2ChunkScan scan, long written, long found) throws IOException {
        String path = file.toString();
        List<Long> flushed = flushedVersions(file);
        if (written <= found) {
            return new H2Recovery(0, Map.of(), () -> earlier(found, path, scan, found, flushed));
        }
        return upTo(Long.MAX_VALUE, path, scan, written, flushed)
                .or(() -> earlier(Long.MAX_VALUE, path, scan, written, flushed))
                .orElseGet(() -> new H2Recovery(found > 0 ? written - found : 0, Map.of(), Optional::empty));
    }

    /** The versions of the last flushes that the header names. */
    private static List<Long> flushedVersions(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String header = new String(in.readNBytes(2 * H2ChunkScan.BLOCK_BYTES), StandardCharsets.ISO_8859_1);
            return FLUSHED.matcher(header)
                    .results()
                    .map(match -> Long.parseLong(match.group(1), 16))
                    .toList();
        }
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
            Optional<Version> newest = newest(file, writes);
            if (newest.isEmpty()) {
                return Optional.empty();
            }
            Version version = newest.get();
            Map<Long, byte[]> complete = writes(version, scan.startsAfter(version.number()));
            long opened = open(file, complete, false).map(Version::number).orElse(0L);
            if (opened == version.number()) {
                return Optional.of(new H2Recovery(
                        Math.max(0, written - opened), complete, () -> earlier(opened, file, scan, written, flushed)));
            }
            writes.putAll(writes(version, scan.startsAfter(version.number() - 1)));
        }
        return Optional.empty();
    }

    private static Optional<Version> newest(String file, Map<Long, byte[]> writes) {
        Optional<Version> likely = open(file, writes, false);
        Optional<Version> searched = open(file, writes, true);
        boolean later = likely.isPresent()
                && searched.map(found -> found.number() < likely.get().number()).orElse(true);
        return later ? likely : searched;
    }

    /** Opens a file as if something were written into it; empty if it can't be opened. */
    private static Optional<Version> open(String path, Map<Long, byte[]> writes, boolean everywhere) {
        SearchedFile file = new SearchedFile(everywhere);
        try (var _ = OverlayFileSystem.write(path, writes)) {
            file.open(OverlayFileSystem.SCHEME + ":" + path, true, null);
            try (MVStore _ = new MVStore.Builder().adoptFileStore(file).open()) {
                return file.version();
            } finally {
                file.close(); // H2 leaves a file open that it can't read
            }
        } catch (RuntimeException | AssertionError | OutOfMemoryError unreadable) {
            if (!AccessFailure.mayBeDamage(unreadable)) {
                throw unreadable;
            }
            return Optional.empty();
        }
    }

    private static Map<Long, byte[]> writes(Version version, List<Long> later) {
        Map<Long, byte[]> writes = new TreeMap<>();
        for (long position : later) {
            if (!version.uses(position)) {
                writes.put(position, INVALID);
            }
        }
        byte[] header = header(version.header());
        writes.put(0L, header);
        writes.put((long) H2ChunkScan.BLOCK_BYTES, header);
        return writes;
    }

    /** A block with the header of the file and its checksum. */
    private static byte[] header(Map<String, Object> attributes) {
        StringBuilder text = new StringBuilder();
        DataUtils.appendMap(text, new HashMap<>(attributes));
        byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        DataUtils.appendMap(text, "fletcher", DataUtils.getFletcher32(bytes, 0, bytes.length));
        text.append('\n');
        return ByteBuffer.allocate(H2ChunkScan.BLOCK_BYTES)
                .put(text.toString().getBytes(StandardCharsets.ISO_8859_1))
                .array();
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
