package dev.reverie.streams.folder;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@DisplayName("The watcher of folders")
class FolderWatcherTest {

    private final Logger log = (Logger) LoggerFactory.getLogger(FolderWatcher.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void stop() {
        log.detachAppender(lines);
    }

    @Test
    @DisplayName(
            "does not warn about a folder that is missing, which the scan reports, and watches it once it is there")
    void missing(@TempDir Path parent) throws Exception {
        Path folder = parent.resolve("incoming");
        CountDownLatch changed = new CountDownLatch(1);
        try (FolderWatcher watcher = new FolderWatcher(parent.getFileSystem(), changed::countDown)) {
            watcher.watch(folder);
            assertThat(lines.list).isEmpty();

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

        assertThat(lines.list)
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage)
                .asString()
                .startsWith("The system does not report new files in ");
    }
}
