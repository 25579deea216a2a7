package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.SFChunk;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A file of the store whose newest version is damaged")
class H2ReadOnlyFileTest {

    /** Enough for a layout of several pages, whose root refers to the others. */
    private static final int MANY_COMMITS = 100;
    /** Few enough for a layout of one page. */
    private static final int FEW_COMMITS = 10;
    /** Number of a chunk that the file does not have. */
    private static final int UNKNOWN_CHUNK = 0x3ffffff;
    /** A number that H2 writes in five bytes. */
    private static final byte[] LARGE_NUMBER = {-1, -1, -1, -1, 7};

    @TempDir
    private Path folder = Path.of("");

    private Path file = Path.of("");
    private long damaged;

    @ParameterizedTest(name = "everywhere: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("has the version before if a page of the layout is needed to find that page")
    void endsInARecursion(boolean everywhere) throws Exception {
        damageLayout(
                MANY_COMMITS,
                page -> refer(page, DataUtils.composePagePos(UNKNOWN_CHUNK, 100, 100, DataUtils.PAGE_TYPE_NODE)));

        long version = versionFound(everywhere);

        assertThat(version).isEqualTo(damaged - 1);
    }

    @ParameterizedTest(name = "everywhere: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("has the version before if a page of the layout names more keys than it can have")
    void refusesKeys(boolean everywhere) throws Exception {
        damageLayout(FEW_COMMITS, page -> page.put(LARGE_NUMBER));

        long version = versionFound(everywhere);

        assertThat(version).isEqualTo(damaged - 1);
    }

    @ParameterizedTest(name = "everywhere: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("has the version before if a key in the layout is longer than the page")
    void refusesLengths(boolean everywhere) throws Exception {
        damageLayout(FEW_COMMITS, page -> {
            DataUtils.readVarInt(page); // number of keys
            assertThat(page.get()).as("kind of page").isEqualTo((byte) DataUtils.PAGE_TYPE_LEAF);
            page.put(LARGE_NUMBER);
        });

        long version = versionFound(everywhere);

        assertThat(version).isEqualTo(damaged - 1);
    }

    /** Creates a file that was not closed, and damages the root of its newest layout, from the number of keys on. */
    private void damageLayout(int commits, Consumer<ByteBuffer> damage) throws IOException {
        file = folder.resolve("killed.mv.db");
        Path used = folder.resolve("used.mv.db");
        try (MVStore store = new MVStore.Builder()
                .fileName(used.toString())
                .autoCommitDisabled()
                .open()) {
            store.setRetentionTime(Integer.MAX_VALUE);
            MVMap<Integer, Integer> map = store.openMap("map");
            for (int commit = 0; commit < commits; commit++) {
                map.put(commit, commit);
                store.commit();
            }
            Files.copy(used, file);
        }
        SFChunk newest = newestChunk();
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
        content.position((int) newest.block * H2Chunk.BLOCK_BYTES + DataUtils.getPageOffset(layoutRoot(newest)));
        content.getInt(); // length
        content.getShort(); // check value
        DataUtils.readVarInt(content); // number of the page
        DataUtils.readVarInt(content); // number of the map
        damage.accept(content);
        Files.write(file, content.array());
        damaged = newest.version;
    }

    private SFChunk newestChunk() {
        try (H2ReadOnlyFile opened = H2ReadOnlyFile.open(file.toString(), false)) {
            return opened.newestChunk().orElseThrow();
        }
    }

    private long versionFound(boolean everywhere) {
        try (H2ReadOnlyFile opened = H2ReadOnlyFile.open(file.toString(), everywhere)) {
            return opened.version();
        }
    }

    private static long layoutRoot(SFChunk chunk) {
        return DataUtils.readHexLong(DataUtils.parseMap(chunk.asString()), "root", 0);
    }

    /** Lets all references of a page refer to one position. */
    private static void refer(ByteBuffer page, long position) {
        int keys = DataUtils.readVarInt(page);
        assertThat(page.get()).as("kind of page").isEqualTo((byte) DataUtils.PAGE_TYPE_NODE);
        for (int child = 0; child <= keys; child++) {
            page.putLong(position);
        }
    }
}
