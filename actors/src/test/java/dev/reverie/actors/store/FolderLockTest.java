package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The lock of a folder")
class FolderLockTest {

    private static final int OWNERS = 8;
    private static final int ATTEMPTS = 10_000;

    @Test
    @DisplayName("has one owner at a time, even if each owner deletes its file")
    void excludesOthers(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("lock");
        AtomicInteger owners = new AtomicInteger();
        AtomicInteger locked = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(OWNERS)) {
            List<Future<?>> tasks = new ArrayList<>();
            for (int owner = 0; owner < OWNERS; owner++) {
                tasks.add(threads.submit(() -> {
                    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                        lockAndDelete(file, owners, locked);
                    }
                    return null;
                }));
            }
            for (Future<?> task : tasks) {
                task.get();
            }
        }
        assertThat(locked).hasPositiveValue();
        assertThat(file).doesNotExist();
    }

    private static void lockAndDelete(Path file, AtomicInteger owners, AtomicInteger locked) throws IOException {
        Optional<FolderLock> lock = FolderLock.by(file);
        if (lock.isPresent()) {
            assertThat(owners.incrementAndGet()).isEqualTo(1);
            locked.incrementAndGet();
            owners.decrementAndGet();
            lock.get().delete();
        }
    }
}
