package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.store.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The folder of a run")
class RunFolderTest {

    private RunFolder folder = new RunFolder(Path.of("."));

    @BeforeEach
    void place(@TempDir Path temporary) {
        folder = new RunFolder(temporary);
    }

    @Test
    @DisplayName("is locked by one run at a time")
    void isLocked() throws IOException {
        try (FolderLock _ = folder.lock()) {
            assertThatThrownBy(folder::lock)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("another process writes to the output folder " + folder.path());
        }
        folder.lock().close();
    }

    @Test
    @DisplayName("contains no run if one failed before its first loop")
    void failedEarly() throws IOException {
        Files.writeString(folder.history(), HistoryRow.table(List.of()));

        assertThatCode(() -> folder.requireReady(false)).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("loses the files of an earlier run when it is cleared, and nothing else")
    void cleared() throws IOException {
        List<Path> ofRun = List.of(
                folder.set(),
                folder.pictures(),
                folder.picture(),
                folder.history(),
                folder.manifest(),
                folder.checkpoint(),
                folder.observer());
        for (Path file : ofRun) {
            Files.writeString(file, "of the run");
        }
        Files.createDirectories(folder.experts());
        Path expert = Files.writeString(folder.experts().resolve("expert-000.npz"), "an expert");
        Path notes = Files.writeString(folder.path().resolve("notes.txt"), "of the user");

        folder.clear();

        try (Stream<Path> left = Files.walk(folder.path())) {
            assertThat(left.filter(Files::isRegularFile)).containsExactlyInAnyOrder(expert, notes);
        }
    }
}
