package dev.reverie.actors.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.h2.mvstore.SFChunk;

/**
 * A complete version in an H2 file.
 *
 * @param number number of the version; H2 counts from 1
 * @param header header of a file whose newest version this is, without its checksum
 * @param chunks where each chunk that has data of this version is, by the version that wrote the chunk
 */
record H2FileVersion(long number, Map<String, Object> header, Map<Long, H2Chunk> chunks) {

    /** Whether a position in the file, in bytes, has data of this version. */
    boolean uses(long position) {
        return chunks.values().stream().anyMatch(chunk -> chunk.contains(position));
    }

    /**
     * The version that H2 finds in a file, as if something were written into it; empty if H2 cannot open the file.
     *
     * @param writes the bytes, by their position in the file
     * @param everywhere whether H2 searches the whole file, and not only where the newest version is expected
     */
    static Optional<H2FileVersion> open(String path, Map<Long, byte[]> writes, boolean everywhere) {
        try (var _ = OverlayFileSystem.write(path, writes);
                H2ReadOnlyFile file = H2ReadOnlyFile.open(OverlayFileSystem.SCHEME + ":" + path, everywhere)) {
            return file.newestChunk().map(newest -> of(file, newest));
        } catch (RuntimeException | AssertionError | OutOfMemoryError unreadable) {
            if (!AccessFailure.mayBeDamage(unreadable)) {
                throw unreadable;
            }
            return Optional.empty();
        }
    }

    private static H2FileVersion of(H2ReadOnlyFile file, SFChunk newest) {
        Map<String, Object> header = new HashMap<>(file.header());
        header.put("block", newest.block);
        header.put("chunk", newest.id);
        header.put("version", newest.version);
        Map<Long, H2Chunk> chunks = new HashMap<>();
        chunks.put(newest.version, new H2Chunk(newest.version, newest.block, newest.len, true));
        H2Chunk.of(file.layout()).filter(H2Chunk::isLive).forEach(chunk -> chunks.put(chunk.version(), chunk));
        return new H2FileVersion(newest.version, header, chunks);
    }
}
