package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.CapturedLog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The recovery of a file after a power cut")
class H2RecoveryTest {

    private static final int HEADER_BYTES = 2 * H2Chunk.BLOCK_BYTES;
    /** Bytes of a value that is deleted, so that later versions have space before earlier ones. */
    private static final int LARGE = 1 << 20;

    private static final int FLUSHED_COMMITS = 5;
    /** H2 writes the header again after 20 commits. */
    private static final int LATER_COMMITS = 25;

    private final SplittableRandom random = new SplittableRandom(3);
    private Path file;
    /** The file as it was at a flush, and after it. */
    private byte[] flushed = new byte[0];

    private byte[] later = new byte[0];
    private long flushedVersion;

    @BeforeEach
    void fillAFile(@TempDir Path folder) throws IOException {
        file = folder.resolve("cut.mv.db");
        Path used = folder.resolve("used.mv.db");
        try (MVStore store = new MVStore.Builder()
                .fileName(used.toString())
                .autoCommitDisabled()
                .open()) {
            store.setRetentionTime(0);
            store.setVersionsToKeep(0);
            MVMap<Integer, byte[]> map = store.openMap("map");
            put(store, map, 0, LARGE);
            put(store, map, 1, 100);
            map.remove(0);
            put(store, map, 2, 100);
            for (int commit = 0; commit < FLUSHED_COMMITS; commit++) {
                put(store, map, 3 + commit, 3_000);
            }
            flushed = Files.readAllBytes(used);
            flushedVersion = store.getCurrentVersion();
            store.setRetentionTime(Integer.MAX_VALUE);
            for (int commit = 0; commit < LATER_COMMITS; commit++) {
                put(store, map, 3 + FLUSHED_COMMITS + commit, 3_000);
            }
            later = Files.readAllBytes(used);
        }
    }

    @AfterEach
    void repairTheDisk() {
        FaultyDisk.repair();
    }

    private void put(MVStore store, MVMap<Integer, byte[]> map, int key, int length) {
        byte[] value = new byte[length];
        random.nextBytes(value);
        map.put(key, value);
        store.commit();
    }

    /** Writes the file of the flush with a later part. */
    private byte[] cut(int from, int to) throws IOException {
        byte[] left = flushed.clone();
        System.arraycopy(later, from, left, from, to - from);
        Files.write(file, left);
        return left;
    }

    private long versionThatH2Opens() {
        try (MVStore store =
                new MVStore.Builder().fileName(file.toString()).readOnly().open()) {
            return store.getCurrentVersion();
        }
    }

    @Test
    @DisplayName("finds the flushed version if only the later header of the file reached the disk")
    void findsWhatWasFlushed() throws Exception {
        byte[] left = cut(0, HEADER_BYTES);
        assertThat(versionThatH2Opens()).isLessThan(flushedVersion);

        H2Recovery recovery = H2TruncationCheck.requireComplete(file, "store");

        assertThat(recovery.lostWrites()).isPositive();
        assertThat(file).as("before the recovery is applied").hasBinaryContent(left);
        recovery.apply(file.toString());
        assertThat(versionThatH2Opens()).isEqualTo(flushedVersion);
    }

    @Test
    @DisplayName("removes incomplete later versions, which H2 could take for others of the same number")
    void removesLaterVersions() throws Exception {
        int last = lastCommit();
        cut(last, Math.min(flushed.length, later.length));
        assertThat(H2ChunkScan.of(file).newestVersion()).isGreaterThan(flushedVersion);

        H2Recovery recovery = H2TruncationCheck.requireComplete(file, "store");
        recovery.apply(file.toString());

        assertThat(recovery.lostWrites()).isEqualTo(LATER_COMMITS);
        assertThat(versionThatH2Opens()).isEqualTo(flushedVersion);
        assertThat(H2ChunkScan.of(file).newestVersion()).isEqualTo(flushedVersion);
        assertThat(H2TruncationCheck.requireComplete(file, "store").writes()).isEmpty();
    }

    @Test
    @DisplayName("warns how many writes were lost, and only if some were")
    void warns() {
        try (CapturedLog log = new CapturedLog(H2Recovery.class)) {
            H2Recovery.NONE.warnOfLostWrites("shop");
            new H2Recovery(LATER_COMMITS, Map.of(), Optional::empty).warnOfLostWrites("shop");

            assertThat(log.take())
                    .singleElement()
                    .asString()
                    .contains("the store shop", "has lost its last " + LATER_COMMITS + " writes");
        }
    }

    @Test
    @DisplayName("removes the copies of chunks that an interrupted move leaves, since H2 would overwrite the originals")
    void removesCopies() throws Exception {
        Files.write(file, later);
        Map<Long, H2Chunk> chunks = H2FileVersion.open(file.toString(), Map.of(), false)
                .orElseThrow()
                .chunks();
        try (OutputStream end = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            H2Chunk chunk = Objects.requireNonNull(chunks.get(flushedVersion));
            end.write(later, (int) chunk.header(), chunk.blocks() * H2Chunk.BLOCK_BYTES);
        }

        assertThat(H2ChunkScan.of(file).copiesOf(chunks)).contains((long) later.length);

        H2TruncationCheck.requireComplete(file, "store").apply(file.toString());

        assertThat(H2ChunkScan.of(file).copiesOf(chunks)).doesNotContain((long) later.length);
        assertThat(versionThatH2Opens()).isEqualTo(flushedVersion + LATER_COMMITS);
    }

    @Test
    @DisplayName("opens a file that was closed, although it mentions a chunk whose space a failed write reused")
    void opensClosedFile() throws Exception {
        FaultyDisk.reset();
        String path = FaultyDisk.PREFIX + file;
        try (MVStore store = open(path)) {
            DurableVersion durable = new DurableVersion(store, store.getFileStore());
            for (int commit = 0; commit < LATER_COMMITS; commit++) {
                put(store, store.openMap("map"), commit % 3, 3_000);
            }
            durable.advance();
            FaultyDisk.failWrites("No space left on device");
            assertThatThrownBy(() -> put(store, store.openMap("map"), 0, 60_000))
                    .isInstanceOf(MVStoreException.class);
            FaultyDisk.repair();
        }
        long version;
        try (MVStore store = open(path)) {
            store.setVersionsToKeep(2 * LATER_COMMITS);
            for (int commit = 0; commit < LATER_COMMITS; commit++) {
                put(store, store.openMap("map"), commit, 3_000);
            }
            version = store.getCurrentVersion();
        }
        assertThatThrownBy(this::versionThatH2Opens).hasMessageContaining("Double mark");

        H2Recovery recovery = H2TruncationCheck.requireComplete(file, "store");
        recovery.apply(file.toString());

        assertThat(recovery.lostWrites()).isZero();
        assertThat(versionThatH2Opens()).isGreaterThanOrEqualTo(version);
    }

    private static MVStore open(String path) {
        return new MVStore.Builder().fileName(path).autoCommitDisabled().open();
    }

    @Test
    @DisplayName("can return to the version of the last flush, which the header names")
    void returnsToTheLastFlush() throws Exception {
        long newest;
        long named;
        try (MVStore store = new MVStore.Builder()
                .fileName(file.resolveSibling("flushed.mv.db").toString())
                .autoCommitDisabled()
                .open()) {
            DurableVersion durable = new DurableVersion(store, store.getFileStore());
            MVMap<Integer, byte[]> map = store.openMap("map");
            put(store, map, 0, 100);
            durable.advance();
            named = store.getCurrentVersion();
            put(store, map, 1, 100);
            put(store, map, 2, 100);
            newest = store.getCurrentVersion();
            Files.copy(file.resolveSibling("flushed.mv.db"), file);
        }

        H2Recovery recovery = H2TruncationCheck.requireComplete(file, "store");

        assertThat(recovery.writes()).isEmpty();
        H2Recovery earlier = recovery.earlier().get().orElseThrow();
        assertThat(earlier.lostWrites()).isEqualTo(newest - named);
        earlier.apply(file.toString());
        assertThat(versionThatH2Opens()).isEqualTo(named);
    }

    @Test
    @DisplayName("names the lost writes even if the newest version cannot be restored")
    void namesLostWrites() throws Exception {
        Files.write(file, new byte[HEADER_BYTES]);
        H2ChunkScan scan = H2ChunkScan.of(file);

        assertThat(H2Recovery.of(file, scan, 8, 5).lostWrites()).isEqualTo(3);
        assertThat(H2Recovery.of(file, scan, 8, 0).lostWrites())
                .as("if H2 cannot read the file either")
                .isZero();
    }

    /** Position of the last part of the file that was written after the flush. */
    private int lastCommit() {
        int end = Math.min(flushed.length, later.length);
        int block = end;
        while (Arrays.equals(flushed, block - H2Chunk.BLOCK_BYTES, block, later, block - H2Chunk.BLOCK_BYTES, block)) {
            block -= H2Chunk.BLOCK_BYTES;
        }
        return block - H2Chunk.BLOCK_BYTES;
    }
}
