package dev.reverie.streams.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.deduplication.ItemKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The memory of seen files")
class SeenFilesTest extends AbstractSeenFilesTest {

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

        ItemKeys gone = files.endScan(true, Set.of());
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
        SeenFiles files = new SeenFiles(ItemKeys.of(new long[] {CAT.key()}), ItemKeys.NONE, SETTLE, clock());
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
    @DisplayName("returns no file that need not be read again")
    void skipsRecordedFiles() {
        SeenFiles files = delivered(CAT);

        boolean cat = files.take(CAT);
        files.take(DOG);
        files.endScan(true, Set.of());

        assertThat(cat).isFalse();
        assertThat(files.take(CAT)).isFalse();
        assertThat(files.take(DOG)).isTrue();
    }

    @Test
    @DisplayName("returns a file only after two scans in a row have found it unchanged")
    void waitsForGrowingFile(@TempDir Path root) throws IOException {
        SeenFiles files = delivered();
        Path path = Files.write(root.resolve(CAT.name()), new byte[1]);

        boolean begun = takeInScan(files, FoundFile.at(root, CAT.name()));
        Files.write(path, new byte[2]);
        boolean grown = takeInScan(files, FoundFile.at(root, CAT.name()));
        boolean unchanged = takeInScan(files, FoundFile.at(root, CAT.name()));

        assertThat(begun).isFalse();
        assertThat(grown).isFalse();
        assertThat(unchanged).isTrue();
    }

    @Test
    @DisplayName("returns a file only after it was unchanged for long enough, however many scans have found it")
    void waitsForSlowFile() {
        AtomicLong nanos = new AtomicLong();
        SeenFiles files = new SeenFiles(ItemKeys.NONE, ItemKeys.NONE, Duration.ofMillis(500), nanos::get);

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
}
