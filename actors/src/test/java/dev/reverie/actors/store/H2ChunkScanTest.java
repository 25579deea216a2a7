package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The check of a file that was in use")
class H2ChunkScanTest {

    private static final int BLOCK = 4096;
    private static final int COMMITS = 40;
    private static final Pattern FOOTER = Pattern.compile("chunk:[0-9a-f]+,len:([0-9a-f]+),version:([0-9a-f]+),");

    private Path file;
    private byte[] whole = new byte[0];
    /** The last commit wrote the end of the file, from here. */
    private int start;

    private long newest;
    private int files;

    @BeforeEach
    void fillAFile(@TempDir Path folder) throws IOException {
        Path used = folder.resolve("used.mv.db");
        try (MVStore store = new MVStore.Builder()
                .fileName(used.toString())
                .autoCommitDisabled()
                .open()) {
            MVMap<Integer, byte[]> map = store.openMap("map");
            SplittableRandom random = new SplittableRandom(5);
            for (int commit = 0; commit < COMMITS; commit++) {
                byte[] value = new byte[random.nextInt(5_000, 9_000)];
                random.nextBytes(value);
                map.put(commit, value);
                store.commit();
            }
            whole = Files.readAllBytes(used);
        }
        file = folder.resolve("killed.mv.db");
        Matcher footer = FOOTER.matcher(new String(whole, whole.length - BLOCK, BLOCK, StandardCharsets.ISO_8859_1));
        assertThat(footer.find()).isTrue();
        start = whole.length - Integer.parseInt(footer.group(1), 16) * BLOCK;
        newest = Long.parseLong(footer.group(2), 16);
    }

    /** Uses a new file each time, as H2 leaves a file locked that it cannot open. */
    private long lostWrites(byte[] bytes) throws IOException {
        file = file.resolveSibling("killed-" + files++ + ".mv.db");
        Files.write(file, bytes);
        return H2TruncationCheck.requireComplete(file, "store").lostWrites();
    }

    @Test
    @DisplayName("finds nothing lost if nothing is damaged")
    void acceptsWholeFiles() throws IOException {
        assertThat(lostWrites(whole)).isZero();
    }

    @Test
    @DisplayName("finds nothing lost if a kill has interrupted the last commit, which was not acknowledged")
    void acceptsInterruptedCommits() throws IOException {
        for (int end = start + 1; end < whole.length; end += 900) {
            assertThat(lostWrites(Arrays.copyOf(whole, end)))
                    .as("at the end of the file, after %s bytes", end - start)
                    .isZero();
        }
        for (int end = start + BLOCK; end < whole.length; end += BLOCK) {
            for (int other = 2 * BLOCK; other < start - (whole.length - end); other += 7 * BLOCK) {
                byte[] killed = whole.clone();
                System.arraycopy(whole, other, killed, end, whole.length - end);
                assertThat(lostWrites(killed))
                        .as("over earlier commits, after %s bytes", end - start)
                        .isZero();
            }
        }
    }

    @Test
    @DisplayName("finds each commit that zeros anywhere in its chunk have removed, also if they cover the whole chunk")
    void findsZeros() throws IOException {
        int named = 0;
        for (int length : new int[] {1, 100, BLOCK, 4 * BLOCK}) {
            for (int from = start - BLOCK; from < whole.length; from += 509) {
                byte[] damaged = whole.clone();
                Arrays.fill(damaged, from, Math.min(whole.length, from + length), (byte) 0);
                if (isRefusedOrNamed(damaged)) {
                    named++;
                } else {
                    assertThat(versionThatH2Reads())
                            .as("%s zeros from byte %s of the last commit", length, from - start)
                            .isEqualTo(newest);
                }
            }
        }
        assertThat(named).isPositive();
    }

    private boolean isRefusedOrNamed(byte[] bytes) throws IOException {
        try {
            return lostWrites(bytes) > 0;
        } catch (StoreException refused) {
            return true;
        }
    }

    private long versionThatH2Reads() {
        try (MVStore store =
                new MVStore.Builder().fileName(file.toString()).readOnly().open()) {
            return store.getCurrentVersion();
        }
    }
}
