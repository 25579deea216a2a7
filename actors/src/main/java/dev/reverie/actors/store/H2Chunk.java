package dev.reverie.actors.store;

import java.util.Map;
import java.util.stream.Stream;
import org.h2.mvstore.DataUtils;

/**
 * A chunk of an H2 file, which has the pages that one commit wrote.
 *
 * @param version the version that the commit created
 * @param block number of the first block in the file
 * @param blocks number of blocks
 * @param isLive whether the newest version uses any of the pages
 */
record H2Chunk(long version, long block, int blocks, boolean isLive) {

    static final int BLOCK_BYTES = 4096;
    static final int FOOTER_BYTES = 128;

    /** The chunks that the layout map of a file names. */
    static Stream<H2Chunk> of(Map<String, String> layout) {
        return layout.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("chunk."))
                .map(entry -> of(entry.getValue()));
    }

    private static H2Chunk of(String text) {
        Map<String, String> attributes = DataUtils.parseMap(text);
        return new H2Chunk(
                DataUtils.readHexLong(attributes, "version", DataUtils.readHexLong(attributes, "chunk", 0)),
                DataUtils.readHexLong(attributes, "block", 0),
                (int) DataUtils.readHexLong(attributes, "len", 0),
                DataUtils.readHexLong(attributes, "livePages", 1) > 0);
    }

    /** Where the header is, and with it the chunk; in bytes, as the other positions. */
    long header() {
        return block * BLOCK_BYTES;
    }

    long footer() {
        return end() - FOOTER_BYTES;
    }

    long end() {
        return (block + blocks) * BLOCK_BYTES;
    }

    boolean contains(long position) {
        return position >= header() && position < end();
    }
}
