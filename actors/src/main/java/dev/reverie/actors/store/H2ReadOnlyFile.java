package dev.reverie.actors.store;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;
import org.jspecify.annotations.Nullable;

/**
 * An H2 file, opened at the newest version that H2 finds, without changing it. To find that version, H2 reads the
 * layouts of the versions, from the newest on, until one of them is complete. Here, any damage to a layout means that
 * its version is not complete. H2 by itself goes on to the next version after an exception, but not after an error.
 */
final class H2ReadOnlyFile implements AutoCloseable {

    private final SearchedFile file;
    private final MVStore store;

    private H2ReadOnlyFile(SearchedFile file, MVStore store) {
        this.file = file;
        this.store = store;
    }

    /**
     * Opens a file.
     *
     * @param path path of the file, which may begin with a file system of H2
     * @param everywhere whether H2 searches the whole file, and not only where the newest version is expected
     * @throws MVStoreException and, if the file is damaged, any other exception or error that H2 throws
     */
    static H2ReadOnlyFile open(String path, boolean everywhere) {
        SearchedFile file = new SearchedFile(everywhere);
        file.open(path, true, null);
        try {
            return new H2ReadOnlyFile(
                    file, new MVStore.Builder().adoptFileStore(file).open());
        } catch (RuntimeException | Error failure) {
            file.close(); // H2 leaves a file locked that it cannot read
            throw failure;
        }
    }

    /** Number of the version; 0 if the file has none. */
    long version() {
        return store.getCurrentVersion();
    }

    /** The chunk that ends with the version; empty if the file has none. */
    Optional<SFChunk> newestChunk() {
        return file.newestChunk();
    }

    /** The attributes in the header of the file, which may name another version. */
    Map<String, Object> header() {
        return file.getStoreHeader();
    }

    /** The layout of the version. */
    Map<String, String> layout() {
        return file.getLayoutMap();
    }

    @Override
    public void close() {
        store.close();
    }

    /** A file that may be searched everywhere. */
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

        @Override
        public ByteBuffer readFully(@Nullable SFChunk chunk, long position, int length) {
            ByteBuffer content = super.readFully(chunk, position, length);
            if (chunk != null) {
                H2LayoutPage.requireContent(content);
            }
            return content;
        }

        @Override
        protected Iterable<SFChunk> getChunksFromLayoutMap() {
            Iterable<SFChunk> chunks = super.getChunksFromLayoutMap();
            return () -> new ChunksOfLayout(orDamaged(chunks::iterator));
        }

        Optional<SFChunk> newestChunk() {
            return Optional.ofNullable(lastChunk);
        }
    }

    /** The chunks that the layout of a version names. */
    private record ChunksOfLayout(Iterator<SFChunk> chunks) implements Iterator<SFChunk> {

        @Override
        public boolean hasNext() {
            return orDamaged(chunks::hasNext);
        }

        @Override
        public SFChunk next() {
            return orDamaged(chunks::next);
        }
    }

    /** Reads from a layout. In a damaged one, H2 may need a page to find that same page, and so recurse forever. */
    private static <T> T orDamaged(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (StackOverflowError | AssertionError damage) {
            throw DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, "The layout is damaged", damage);
        }
    }
}
