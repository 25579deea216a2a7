package dev.reverie.actors.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;

/**
 * The header of an H2 file, which has a block for each of two copies. Both are written at once, so only a crash in
 * between makes them different.
 *
 * @param copies attributes of the copies whose checksum is right, without the checksum
 */
record H2FileHeader(List<Map<String, String>> copies) {

    private static final String CLEAN = "clean";
    private static final String CHECKSUM = "fletcher";

    /** Reads the header of a file. */
    static H2FileHeader of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] first = in.readNBytes(H2Chunk.BLOCK_BYTES);
            byte[] second = in.readNBytes(H2Chunk.BLOCK_BYTES);
            return new H2FileHeader(Stream.of(first, second)
                    .flatMap(block -> copy(block).stream())
                    .toList());
        }
    }

    private static Optional<Map<String, String>> copy(byte[] block) {
        String text = new String(block, StandardCharsets.ISO_8859_1);
        int checksum = text.lastIndexOf("," + CHECKSUM + ":");
        if (checksum < 0) {
            return Optional.empty();
        }
        try {
            Map<String, String> attributes = DataUtils.parseMap(text.trim());
            int expected = (int) DataUtils.readHexLong(attributes, CHECKSUM, 0);
            attributes.remove(CHECKSUM);
            return DataUtils.getFletcher32(block, 0, checksum) == expected
                    ? Optional.of(Map.copyOf(attributes))
                    : Optional.empty();
        } catch (MVStoreException damaged) {
            return Optional.empty();
        }
    }

    /** Whether the file was closed cleanly. */
    boolean isClean() {
        return !copies.isEmpty() && copies.stream().allMatch(copy -> copy.containsKey(CLEAN));
    }

    /** The versions of the last flushes. */
    List<Long> flushedVersions() {
        return copies.stream()
                .flatMap(copy -> Stream.of(DurableVersion.FLUSHED, DurableVersion.FLUSHING)
                        .map(name -> DataUtils.readHexLong(copy, name, -1)))
                .filter(version -> version >= 0)
                .toList();
    }

    /** The newest version that the header names; 0 if there is none. */
    long version() {
        return copies.stream().mapToLong(H2FileHeader::version).max().orElse(0);
    }

    private static long version(Map<String, String> copy) {
        return DataUtils.readHexLong(copy, "version", 0);
    }

    /** What to write into the file so that it seems not to be closed cleanly, by the position in the file. */
    Map<Long, byte[]> unclean() {
        return copies.stream()
                .max(Comparator.comparingLong(H2FileHeader::version))
                .map(H2FileHeader::writes)
                .orElse(Map.of());
    }

    /** What to write into a file in order to give it a header, by the position in the file. */
    static Map<Long, byte[]> writes(Map<String, ?> attributes) {
        HashMap<String, Object> open = new HashMap<>(attributes);
        open.remove(CLEAN);
        StringBuilder text = new StringBuilder();
        DataUtils.appendMap(text, open);
        byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        DataUtils.appendMap(text, CHECKSUM, DataUtils.getFletcher32(bytes, 0, bytes.length));
        text.append('\n');
        byte[] block = ByteBuffer.allocate(H2Chunk.BLOCK_BYTES)
                .put(text.toString().getBytes(StandardCharsets.ISO_8859_1))
                .array();
        return new TreeMap<>(Map.of(0L, block, (long) H2Chunk.BLOCK_BYTES, block));
    }
}
