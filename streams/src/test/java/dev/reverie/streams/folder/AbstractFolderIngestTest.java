package dev.reverie.streams.folder;

import com.typesafe.config.ConfigFactory;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.folder.FolderSettings.After;
import dev.reverie.streams.service.InMemoryService;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.RecordedIngest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A watched folder, and a service in memory to which its files are delivered. */
abstract class AbstractFolderIngestTest {

    static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Longer than any test, so that the tests depend on announcements by the operating system. */
    static final Duration RARELY = Duration.ofMinutes(10);

    static final Duration OFTEN = Duration.ofMillis(200);

    @AutoClose("shutdownTestKit")
    final ActorTestKit kit = ActorTestKit.create("folder", ConfigFactory.load());

    final InMemoryService service = new InMemoryService();
    final RecordedIngest recorded = new RecordedIngest();
    Path folder = Path.of("");
    Path root = folder;

    @BeforeEach
    void createRoot(@TempDir Path temporary) throws IOException {
        folder = temporary;
        root = Files.createDirectory(folder.resolve("root")).toRealPath();
    }

    FolderIngest open(After after, Duration rescan) {
        return open(after, rescan, Optional.empty());
    }

    FolderIngest open(After after, Duration rescan, Optional<Resizing> resizing) {
        return open(after, rescan, resizing, recorded, System::nanoTime);
    }

    FolderIngest open(
            After after, Duration rescan, Optional<Resizing> resizing, IngestListener listener, LongSupplier nanos) {
        FolderSettings settings = FolderSettings.of(root, after)
                .withLimits(new IngestLimits(4096, 64, 1 << 16, 1 << 20, 200, 64, 256, 4096))
                .withResizing(resizing)
                .withSamples(16)
                .withSettle(Duration.ofMillis(100))
                .withRescan(rescan);
        return new FolderIngest(kit.system(), settings, service, listener, nanos);
    }

    void stop(FolderIngest ingest) {
        ingest.stop(TIMEOUT).toCompletableFuture().join();
    }

    int deliveredSamples() {
        return service.deliveries().stream()
                .mapToInt(delivery -> delivery.samples().size())
                .sum();
    }

    void put(String name, byte[] content) {
        Path file = root.resolve(name);
        try {
            Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> files() {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> Files.isRegularFile(path))
                    .map(path -> root.relativize(path).toString())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void await(Runnable assertion) {
        kit.createTestProbe().awaitAssert(TIMEOUT, () -> {
            assertion.run();
            return true;
        });
    }
}
