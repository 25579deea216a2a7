package dev.reverie.streams;

import static dev.reverie.streams.RunSettings.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.streams.decode.Pictures;
import dev.reverie.streams.folder.FolderSettings;
import dev.reverie.streams.folder.FolderSettings.After;
import dev.reverie.streams.folder.WatchedFolder;
import dev.reverie.streams.service.RecordedIngest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The files of a watched folder that has three times as many as the service remembers samples")
class WatchedFolderTest extends ServiceFixture {

    private static final long PAUSE_NS = 10_000_000;

    private static final int REPETITIONS = 20;
    private static final int FILES = 3 * REPETITIONS;

    private Path root = Path.of("");

    @BeforeEach
    void createFiles(@TempDir Path temporary) throws IOException {
        await(service.stop(GRACE));
        limits = new IntakeLimits(10, 1000, 1 << 20, 1 << 24, REPETITIONS, REPETITIONS, 1 << 24, Optional.empty());
        service = started();
        root = temporary.toRealPath();
        for (int i = 0; i < FILES; i++) {
            put("cat/%d.png".formatted(i));
        }
        put("dog/1.png");
    }

    private void put(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, Pictures.greyPng(4, 4));
    }

    @Test
    @DisplayName("count once, even if the service ends without saving in the middle and starts again")
    void countOnce() throws IOException {
        watch();
        awaitSeen("cat", 1);
        await(service.end());

        service = started();
        WatchedFolder second = watch();
        awaitSeen("cat", FILES);
        await(second.stop(GRACE));
        await(service.stop(GRACE));
        service = started();
        WatchedFolder third = watch();
        put("dog/2.png");
        awaitSeen("dog", 2);

        assertThat(status("cat").seen()).isEqualTo(FILES);
        await(third.stop(GRACE));
    }

    @Test
    @DisplayName("count once if they are deleted after their delivery, and leave the record with the folder")
    void leaveTheRecord() throws IOException {
        WatchedFolder ingest = watch(After.DELETE);
        awaitSeen("cat", FILES);

        awaitTrue(() -> Files.notExists(root.resolve("dog/1.png")));
        put("dog/2.png");
        awaitSeen("dog", 2);

        awaitTrue(() -> await(service.deliveredFiles()).size() <= 1);
        assertThat(status("cat").seen()).isEqualTo(FILES);
        await(ingest.stop(GRACE));
    }

    private WatchedFolder watch() {
        return watch(After.LEAVE);
    }

    private WatchedFolder watch(After after) {
        FolderSettings settings = FolderSettings.of(root, after)
                .withSamples(4)
                .withSettle(Duration.ofMillis(100))
                .withRescan(Duration.ofMillis(200));
        return WatchedFolder.open(service.system(), settings, service, new RecordedIngest(), System::nanoTime);
    }

    private void awaitSeen(String label, long count) {
        awaitTrue(() -> await(service.classNamed(label)).stream().anyMatch(status -> status.seen() >= count));
    }

    private static void awaitTrue(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(PAUSE_NS);
        }
    }
}
