package dev.reverie.streams.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.reverie.gpu.CapturedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The watcher of folders")
class FolderWatcherTest {

    @AutoClose
    private final CapturedLog log = new CapturedLog(FolderWatcher.class);

    @Test
    @DisplayName(
            "does not warn about a folder that is missing, which the scan reports, and watches it once it is there")
    void missing(@TempDir Path parent) throws Exception {
        Path folder = parent.resolve("incoming");
        CountDownLatch changed = new CountDownLatch(1);
        try (FolderWatcher watcher = new FolderWatcher(parent.getFileSystem(), changed::countDown)) {
            watcher.watch(folder);
            assertThat(log.take()).isEmpty();

            Files.createDirectory(folder);
            watcher.watch(folder);
            Files.createFile(folder.resolve("1.png"));
            assertThat(changed.await(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    @Test
    @DisplayName("warns once about a folder that the system does not watch")
    void notWatchable(@TempDir Path parent) throws Exception {
        Path file = Files.createFile(parent.resolve("incoming"));
        try (FolderWatcher watcher = new FolderWatcher(parent.getFileSystem(), () -> {})) {
            watcher.watch(file);
            watcher.watch(file);
        }

        assertThat(log.take()).singleElement(STRING).startsWith("WARN The system does not report new files in ");
    }
}
