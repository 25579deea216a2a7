package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.store.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
                    .hasMessageContaining("another process writes to " + folder.path());
        }
        folder.lock().close();
    }

    @Test
    @DisplayName("contains no run if one failed before its first loop")
    void failedEarly() throws IOException {
        Files.writeString(folder.history(), HistoryRow.table(List.of()));

        assertThatCode(folder::requireNoRun).doesNotThrowAnyException();
    }
}
