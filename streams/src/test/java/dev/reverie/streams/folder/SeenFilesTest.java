package dev.reverie.streams.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.deduplication.FileKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The memory of seen files")
class SeenFilesTest {

    private static final Duration SETTLE = Duration.ofNanos(1);
    private static final FoundFile CAT = file("cat.png", 1);
    private static final FoundFile DOG = file("dog.png", 2);
    private static final FoundFile OWL = file("owl.png", 3);
    private static final Path CATS = Path.of("root", "cat");

    @Test
    @DisplayName("returns no file again after a scan that could not read its folder")
    void knowsFilesOfUnreadableFolder() {
        SeenFiles files = delivered(CAT);
        files.take(DOG);
        files.endScan(false, Set.of());

        assertThat(takeInScan(files, CAT)).isFalse();
        assertThat(takeInScan(files, CAT)).isFalse();
    }

    @Test
    @DisplayName("returns no file again after a scan that found nothing, except for those that were moved or deleted")
    void knowsFilesOfEmptyFolder() {
        SeenFiles files = delivered(CAT, DOG);
        files.remove(DOG);

        FileKeys gone = files.endScan(true, Set.of());
        files.take(CAT);
        files.take(DOG);
        files.endScan(true, Set.of());

        assertThat(gone.toArray()).containsExactly(DOG.key());
        assertThat(List.of(files.take(CAT), files.take(DOG))).containsExactly(false, true);
    }

    @Test
    @DisplayName("returns a file in every scan until it could be read, and keeps it in the record")
    void retriesUnreadableFile() {
        // given a recorded file that is read again after a restart
        SeenFiles files = new SeenFiles(FileKeys.of(new long[] {CAT.key()}), FileKeys.NONE, SETTLE, clock());
        takeInScan(files, CAT);

        boolean taken = files.take(CAT);
        boolean first = files.retry(CAT);
        int gone = files.endScan(true, Set.of()).size();
        boolean again = takeInScan(files, CAT);
        boolean twice = takeInScan(files, CAT);
        boolean second = files.retry(CAT);
        boolean last = takeInScan(files, CAT);
        files.finish(CAT);

        assertThat(taken).isTrue();
        assertThat(first).isTrue();
        assertThat(gone).isZero();
        assertThat(again).isTrue();
        assertThat(twice).as("taken while it is read").isFalse();
        assertThat(second).isFalse();
        assertThat(last).isTrue();
        assertThat(takeInScan(files, CAT)).isFalse();
    }

    @Test
    @DisplayName("returns a file again that was gone before it could be read, even if the next scan finds nothing")
    void forgetsVanishedFile() {
        SeenFiles files = delivered();
        takeInScan(files, CAT);
        boolean taken = takeInScan(files, CAT);

        files.forget(CAT);
        files.endScan(true, Set.of());
        boolean found = takeInScan(files, CAT);

        assertThat(taken).isTrue();
        assertThat(found).as("taken before it has settled").isFalse();
        assertThat(takeInScan(files, CAT)).isTrue();
    }

    @Test
    @DisplayName("returns a file only after two scans in a row have found it unchanged")
    void waitsForGrowingFile(@TempDir Path root) throws IOException {
        SeenFiles files = delivered();
        Path path = Files.write(root.resolve(CAT.name()), new byte[1]);

        boolean begun = takeInScan(files, FoundFile.at(root, CAT.name(), false));
        Files.write(path, new byte[2]);
        boolean grown = takeInScan(files, FoundFile.at(root, CAT.name(), false));
        boolean unchanged = takeInScan(files, FoundFile.at(root, CAT.name(), false));

        assertThat(begun).isFalse();
        assertThat(grown).isFalse();
        assertThat(unchanged).isTrue();
    }

    @Test
    @DisplayName("returns a file only after it was unchanged for long enough, however many scans have found it")
    void waitsForSlowFile() {
        AtomicLong nanos = new AtomicLong();
        SeenFiles files = new SeenFiles(FileKeys.NONE, FileKeys.NONE, Duration.ofMillis(500), nanos::get);

        boolean found = takeInScan(files, CAT);
        nanos.addAndGet(40_000_000);
        boolean soon = takeInScan(files, CAT);
        nanos.addAndGet(459_000_000);
        boolean almost = takeInScan(files, CAT);
        boolean isChecked = files.needsScan();
        nanos.addAndGet(1_000_000);
        boolean settled = takeInScan(files, CAT);

        assertThat(List.of(found, soon, almost)).containsOnly(false);
        assertThat(isChecked).isTrue();
        assertThat(settled).isTrue();
    }

    @Test
    @DisplayName("names the files that a scan no longer finds, once")
    void removesGoneFiles() {
        SeenFiles files = delivered(CAT, DOG);

        files.take(DOG);

        assertThat(files.endScan(true, Set.of()).toArray()).containsExactly(CAT.key());
        files.take(DOG);
        assertThat(files.endScan(true, Set.of()).size()).isZero();
    }

    @Test
    @DisplayName("names no gone files after a scan that finds nothing, because the drive may be away")
    void keepsAllInEmptyFolder() {
        SeenFiles files = delivered(CAT, DOG);

        assertThat(files.endScan(true, Set.of()).size()).isZero();
    }

    @Test
    @DisplayName("names no gone files while a subfolder has become empty, because its drive may be away")
    void keepsFilesOfEmptySubfolder() {
        SeenFiles files = delivered(CAT, DOG, OWL);
        files.take(DOG);
        files.take(OWL);

        FileKeys away = files.endScan(true, Set.of(CATS));
        files.take(DOG);
        FileKeys other = files.endScan(true, Set.of(CATS));

        assertThat(away.size()).isZero();
        assertThat(other.toArray()).containsExactly(OWL.key());

        boolean again = files.take(CAT);
        files.take(DOG);

        assertThat(again).as("read again when the drive is back").isFalse();
        assertThat(files.endScan(true, Set.of()).size()).isZero();
    }

    @Test
    @DisplayName("names the gone files of a subfolder that was empty when the subfolder has other files or is gone")
    void namesFilesOfLostSubfolder() {
        SeenFiles files = delivered(CAT, DOG);
        files.take(DOG);
        files.endScan(true, Set.of(CATS));

        files.take(DOG);

        assertThat(files.endScan(true, Set.of()).toArray()).containsExactly(CAT.key());
    }

    @Test
    @DisplayName("names the gone files of subfolders that were empty when each of them has had other files")
    void namesFilesOfSeveralSubfolders() {
        Path owls = Path.of("root", "owl");
        SeenFiles files = delivered(CAT, DOG);
        for (Set<Path> empty : List.of(Set.of(CATS, owls), Set.of(CATS), Set.of(CATS, owls))) {
            files.take(DOG);
            assertThat(files.endScan(true, empty).size()).isZero();
        }

        files.take(DOG);

        assertThat(files.endScan(true, Set.of(owls)).toArray()).containsExactly(CAT.key());
    }

    @Test
    @DisplayName("names the last file of a subfolder that was moved or deleted, though the subfolder is empty then")
    void namesRemovedFilesOfEmptySubfolder() {
        SeenFiles files = delivered(CAT, DOG);
        files.take(CAT);
        files.take(DOG);
        files.remove(CAT);
        files.endScan(true, Set.of());

        files.take(DOG);

        assertThat(files.endScan(true, Set.of(CATS)).toArray()).containsExactly(CAT.key());
    }

    @Test
    @DisplayName("names only the files that were moved or deleted after a scan that cannot read everything, once")
    void namesRemovedFiles() {
        SeenFiles files = delivered(CAT, DOG);
        files.remove(CAT);

        FileKeys gone = files.endScan(false, Set.of());

        assertThat(gone.toArray()).containsExactly(CAT.key());
        assertThat(files.endScan(false, Set.of()).size()).isZero();
        assertThat(takeInScan(files, DOG))
                .as("whether a file that was not removed is new")
                .isFalse();
    }

    @Test
    @DisplayName("names a file that is gone before its delivery ends only after the end")
    void keepsUnfinishedFile() {
        SeenFiles files = delivered(CAT);
        files.take(OWL);
        files.take(CAT);
        files.endScan(true, Set.of());
        assertThat(files.take(OWL)).isTrue();

        // when OWL is moved away while it is delivered
        files.take(CAT);
        files.endScan(true, Set.of());
        files.take(CAT);

        assertThat(files.endScan(true, Set.of()).size()).isZero();
        files.finish(OWL);
        files.take(CAT);
        assertThat(files.endScan(true, Set.of()).toArray()).containsExactly(OWL.key());
    }

    /** A clock on which time passes between any two looks. */
    private static LongSupplier clock() {
        return new AtomicLong()::incrementAndGet;
    }

    private static boolean takeInScan(SeenFiles files, FoundFile file) {
        boolean isTaken = files.take(file);
        files.endScan(true, Set.of());
        return isTaken;
    }

    private static SeenFiles delivered(FoundFile... files) {
        long[] keys = new long[files.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = files[i].key();
        }
        return new SeenFiles(FileKeys.of(keys), FileKeys.of(keys), SETTLE, clock());
    }

    private static FoundFile file(String name, long key) {
        return new FoundFile(Path.of("root"), Path.of(name), Path.of(name), false, 1, key);
    }
}
