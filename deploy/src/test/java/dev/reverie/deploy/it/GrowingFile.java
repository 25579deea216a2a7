package dev.reverie.deploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Waits, by means of file system events, for lines that another process appends to a file. */
public final class GrowingFile {

    private static final long TIMEOUT_SECONDS = 300;

    private GrowingFile() {}

    /** Returns once {@code file} has at least {@code lines} lines; its folder must exist. */
    public static void awaitLines(Path file, long lines) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        try (WatchService watcher = FileSystems.getDefault().newWatchService()) {
            file.getParent()
                    .register(watcher, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            while (count(file) < lines) {
                WatchKey key = watcher.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                assertThat(key).as("%s grows to %d lines", file, lines).isNotNull();
                key.pollEvents();
                key.reset();
            }
        }
    }

    private static long count(Path file) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }
}
