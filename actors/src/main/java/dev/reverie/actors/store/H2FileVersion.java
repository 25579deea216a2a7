package dev.reverie.actors.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;

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
        SearchedFile file = new SearchedFile(everywhere);
        try (var _ = OverlayFileSystem.write(path, writes)) {
            file.open(OverlayFileSystem.SCHEME + ":" + path, true, null);
            try (MVStore _ = new MVStore.Builder().adoptFileStore(file).open()) {
                return file.version();
            } finally {
                file.close(); // H2 leaves a file open that it cannot read
            }
        } catch (RuntimeException | AssertionError | OutOfMemoryError unreadable) {
            if (!AccessFailure.mayBeDamage(unreadable)) {
                throw unreadable;
            }
            return Optional.empty();
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
            super.readStoreHeader(everywhere); // the recovery mode of H2 would also hide pages that cannot be read
        }

        /** The version that was found; empty if the file has none. */
        Optional<H2FileVersion> version() {
            SFChunk newest = lastChunk;
            if (newest == null) {
                return Optional.empty();
            }
            Map<String, Object> header = new HashMap<>(getStoreHeader());
            header.put("block", newest.block);
            header.put("chunk", newest.id);
            header.put("version", newest.version);
            Map<Long, H2Chunk> chunks = new HashMap<>();
            chunks.put(newest.version, new H2Chunk(newest.version, newest.block, newest.len, true));
            H2Chunk.of(getLayoutMap()).filter(H2Chunk::isLive).forEach(chunk -> chunks.put(chunk.version(), chunk));
            return Optional.of(new H2FileVersion(newest.version, header, chunks));
        }
    }
}
