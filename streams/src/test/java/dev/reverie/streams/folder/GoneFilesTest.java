package dev.reverie.streams.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.deduplication.ItemKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The memory of seen files, when a scan ends,")
class GoneFilesTest extends AbstractSeenFilesTest {

    private static final Path CATS = Path.of("root", "cat");

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
    @DisplayName("names no gone files after a scan that cannot read everything")
    void keepsAllInIncompleteScan() {
        SeenFiles files = delivered(CAT, DOG);
        files.take(DOG);

        assertThat(files.endScan(false, Set.of()).size()).isZero();
    }

    @Test
    @DisplayName("names no gone files while a subfolder has become empty, because its drive may be away")
    void keepsFilesOfEmptySubfolder() {
        SeenFiles files = delivered(CAT, DOG, OWL);
        files.take(DOG);
        files.take(OWL);

        ItemKeys away = files.endScan(true, Set.of(CATS));
        files.take(DOG);
        ItemKeys other = files.endScan(true, Set.of(CATS));

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
    @DisplayName("names the files that were moved or deleted after a scan that cannot read everything, once")
    void namesRemovedFiles() {
        SeenFiles files = delivered(CAT, DOG);
        files.remove(CAT);

        ItemKeys gone = files.endScan(false, Set.of());

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
}
