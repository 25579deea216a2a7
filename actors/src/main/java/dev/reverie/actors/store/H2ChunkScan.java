package dev.reverie.actors.store;

import static dev.reverie.actors.store.H2Chunk.BLOCK_BYTES;
import static dev.reverie.actors.store.H2Chunk.FOOTER_BYTES;

import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest version that was written to an H2 file, whether H2 can still read it or not. A commit writes one
 * chunk from its beginning to its end: a header, pages, a table of contents, what the buffer had before, and a footer.
 * A chunk with a footer was therefore written as a whole. If the footer is missing, either the footer is damaged, or
 * the process was killed during the write, so the commit was not acknowledged. In the latter case, the file ends before
 * the chunk does, or still has the content of an earlier chunk there.
 */
final class H2ChunkScan {

    private static final int HEADER_BYTES = 1024;

    /** A header with more is damaged. */
    private static final int MAX_CHUNK_BLOCKS = 1 << 17;

    /** Number of blocks at the start of the file that have the header of the file. */
    private static final int FILE_HEADER_BLOCKS = 2;

    private final FileChannel file;
    private final long blocks;
    private final List<Header> unfinished = new ArrayList<>();
    /** Versions of the headers and the footers of chunks. */
    private final LongArrayList startVersions = new LongArrayList();
    /** Where these headers and footers start in the file, in bytes. */
    private final LongArrayList startPositions = new LongArrayList();

    private long newest;

    private H2ChunkScan(FileChannel file) throws IOException {
        this.file = file;
        this.blocks = file.size() / BLOCK_BYTES;
    }

    /**
     * The header of a chunk.
     *
     * @param block number of its first block
     * @param blocks number of its blocks
     * @param pages number of its pages
     * @param contents position of its table of contents in the chunk, in bytes
     */
    private record Header(long version, long block, int blocks, int pages, int contents) {

        boolean isPlausible() {
            return version > 0
                    && blocks > 0
                    && blocks <= MAX_CHUNK_BLOCKS
                    && contents > 0
                    && contents < blocks * BLOCK_BYTES
                    && pages > 0
                    && pages < blocks * BLOCK_BYTES / Long.BYTES
                    && endOfContents() <= blocks * BLOCK_BYTES - FOOTER_BYTES;
        }

        long end() {
            return block + blocks;
        }

        int endOfContents() {
            return contents + pages * Long.BYTES;
        }
    }

    /** Reads a file. */
    static H2ChunkScan of(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                InputStream in = new BufferedInputStream(Files.newInputStream(file), 256 * BLOCK_BYTES)) {
            H2ChunkScan scan = new H2ChunkScan(channel);
            for (long block = 0; block < scan.blocks; block++) {
                scan.add(block, in.readNBytes(BLOCK_BYTES));
            }
            scan.newest = scan.newestWritten();
            return scan;
        }
    }

    /** The newest version that was written as a whole. */
    long newestVersion() {
        return newest;
    }

    /** Where the headers and the footers of the chunks of later versions start, in bytes. */
    List<Long> startsAfter(long version) {
        return IntStream.range(0, startVersions.size())
                .filter(start -> startVersions.getLong(start) > version)
                .mapToObj(startPositions::getLong)
                .toList();
    }

    /**
     * Where the headers of further copies of chunks start, in bytes. H2 leaves such copies behind when it moves chunks
     * and is interrupted.
     *
     * @param chunks where chunks are, by their versions; if the header or the footer is not there, a copy may be needed
     */
    List<Long> copiesOf(Map<Long, H2Chunk> chunks) {
        LongOpenHashSet starts = new LongOpenHashSet(startPositions);
        Map<Long, H2Chunk> originals = new HashMap<>(chunks);
        originals.values().removeIf(chunk -> !starts.contains(chunk.header()) || !starts.contains(chunk.footer()));
        return IntStream.range(0, startVersions.size())
                .filter(start -> isCopy(startPositions.getLong(start), originals.get(startVersions.getLong(start))))
                .mapToObj(startPositions::getLong)
                .toList();
    }

    private static boolean isCopy(long start, @Nullable H2Chunk original) {
        boolean isHeader = start % BLOCK_BYTES == 0;
        return isHeader && original != null && original.header() != start;
    }

    private void add(long number, byte[] block) throws IOException {
        if (number < FILE_HEADER_BLOCKS) {
            return;
        }
        long footer = versionOfFooter(block);
        newest = Math.max(newest, footer);
        if (footer > 0) {
            addStart(footer, (number + 1) * BLOCK_BYTES - FOOTER_BYTES);
        }
        Optional<Header> header = header(number, block);
        header.ifPresent(each -> addStart(each.version(), number * BLOCK_BYTES));
        if (header.isPresent() && header.get().version() > newest) {
            unfinished.add(header.get());
        }
    }

    private void addStart(long version, long position) {
        startVersions.add(version);
        startPositions.add(position);
    }

    private long newestWritten() throws IOException {
        boolean interrupted = false;
        for (Header header : unfinished) {
            if (header.version() > newest && wasWritten(header)) {
                newest = header.version();
            }
            interrupted |= header.version() > newest;
        }
        return !interrupted && hasZeroedChunk() ? newest + 1 : newest;
    }

    /** Whether the chunk of a header without a footer was written as a whole. */
    private boolean wasWritten(Header header) throws IOException {
        if (header.end() > blocks) {
            return false;
        }
        byte[] chunk = read(header.block(), header.blocks());
        if (versionOfFooter(chunk) > 0) {
            return false; // the version in the header is damaged, or the footer is that of an earlier chunk
        }
        // A kill leaves a shorter file or earlier content. Zeros from the table of contents to the footer are damage.
        return hasContents(header, chunk) || isZero(chunk, header.endOfContents() - 1, chunk.length - FOOTER_BYTES + 1);
    }

    /** Whether the table of contents names pages one after the other. */
    private static boolean hasContents(Header header, byte[] chunk) {
        ByteBuffer contents = ByteBuffer.wrap(chunk, header.contents(), header.pages() * Long.BYTES);
        int last = 0;
        while (contents.hasRemaining()) {
            int offset = DataUtils.getPageOffset(contents.getLong());
            if (offset <= last || offset >= header.contents()) {
                return false;
            }
            last = offset;
        }
        return true;
    }

    /**
     * Whether the file ends with zeros: it was made longer for a chunk that was not written. Zeros elsewhere may be the
     * content of an earlier chunk.
     */
    private boolean hasZeroedChunk() throws IOException {
        return blocks > FILE_HEADER_BLOCKS && isZero(blocks - 1);
    }

    private boolean isZero(long block) throws IOException {
        return isZero(read(block, 1), 0, BLOCK_BYTES);
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] != 0) {
                return false;
            }
        }
        return true;
    }

    private byte[] read(long block, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count * BLOCK_BYTES);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, block * BLOCK_BYTES + buffer.position()) < 0) {
                throw new EOFException("the file has become shorter");
            }
        }
        return buffer.array();
    }

    /** The version in the footer at the end of a chunk; 0 if there is none. */
    private static long versionOfFooter(byte[] chunk) {
        int start = chunk.length - FOOTER_BYTES;
        if (chunk[start] != 'c') {
            return 0;
        }
        String footer = new String(chunk, start, FOOTER_BYTES, StandardCharsets.ISO_8859_1);
        int length = footer.indexOf(",fletcher:");
        try {
            Map<String, String> attributes = DataUtils.parseMap(footer.strip());
            return length > 0
                            && DataUtils.getFletcher32(chunk, start, length)
                                    == (int) DataUtils.readHexLong(attributes, "fletcher", 0)
                    ? DataUtils.readHexLong(attributes, "version", 0)
                    : 0;
        } catch (MVStoreException damaged) {
            return 0;
        }
    }

    private static Optional<Header> header(long number, byte[] block) {
        if (block[0] != 'c') {
            return Optional.empty();
        }
        String text = new String(block, 0, HEADER_BYTES, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n');
        if (end < 0) {
            return Optional.empty();
        }
        try {
            Map<String, String> attributes =
                    DataUtils.parseMap(text.substring(0, end).strip());
            Header header = new Header(
                    DataUtils.readHexLong(attributes, "version", 0),
                    number,
                    (int) DataUtils.readHexLong(attributes, "len", 0),
                    (int) DataUtils.readHexLong(attributes, "pages", 0),
                    (int) DataUtils.readHexLong(attributes, "toc", 0));
            return header.isPlausible() ? Optional.of(header) : Optional.empty();
        } catch (MVStoreException damaged) {
            return Optional.empty();
        }
    }
}
