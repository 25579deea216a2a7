package dev.reverie.streams;

import static dev.reverie.streams.ServiceCluster.await;
import static dev.reverie.streams.ServiceCluster.join;
import static dev.reverie.streams.ServiceCluster.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.streams.decode.Pictures;
import dev.reverie.streams.folder.FolderSettings;
import dev.reverie.streams.folder.FolderSettings.After;
import dev.reverie.streams.folder.WatchedFolder;
import dev.reverie.streams.runtime.ActorMemoryService;
import dev.reverie.streams.service.Readiness;
import dev.reverie.streams.service.RecordedIngest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A folder that all nodes of a cluster watch")
class ClusterFolderIT {

    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final int FILES = 8;

    private final List<WatchedFolder> folders = new ArrayList<>();
    private Path root = Path.of("");

    @AutoClose
    private ServiceCluster cluster;
    /** Files put into the folder so far. */
    private int files;

    @BeforeEach
    void start(@TempDir Path folder, @TempDir Path data) throws IOException {
        root = folder.toRealPath();
        cluster = ServiceCluster.started(data);
    }

    private void watch(After after) {
        FolderSettings settings = FolderSettings.of(root, after)
                .withSamples(4)
                .withSettle(Duration.ofMillis(100))
                .withRescan(Duration.ofMillis(200));
        for (ActorMemoryService node : cluster.all()) {
            folders.add(WatchedFolder.open(node.system(), settings, node, new RecordedIngest(), System::nanoTime));
        }
        await(() -> watching().findAny().isPresent());
    }

    /** Numbers of the nodes that watch the folder. */
    private IntStream watching() {
        return IntStream.range(0, folders.size())
                .filter(number ->
                        folders.get(number).check().equals(new Readiness.Check("folder", true, "is watched")));
    }

    /** Puts files into two classes. */
    private void put(int count) throws IOException {
        for (String label : List.of("cat", "dog")) {
            Path folder = Files.createDirectories(root.resolve(label));
            for (int number = files; number < files + count; number++) {
                Path written = Files.write(folder.resolve(".new"), Pictures.greyPng(4, 4));
                Files.move(written, folder.resolve(number + ".png"));
            }
        }
        files += count;
    }

    private void awaitAllSeen() {
        for (ActorMemoryService node : cluster.all()) {
            for (String label : List.of("cat", "dog")) {
                await(() -> status(node, label).seen() >= files);
            }
        }
    }

    private void assertAllCountOnce() {
        for (ActorMemoryService node : cluster.all()) {
            for (String label : List.of("cat", "dog")) {
                assertThat(status(node, label).seen()).isEqualTo(files);
            }
        }
    }

    @Test
    @DisplayName("is read by one of them, and the others are ready meanwhile")
    void oneReads() throws IOException {
        watch(After.LEAVE);
        put(FILES);
        awaitAllSeen();

        assertThat(watching()).hasSize(1);
        assertThat(folders.stream().map(WatchedFolder::check))
                .contains(new Readiness.Check("folder", true, "is watched by another node"))
                .allMatch(Readiness.Check::passed);
        assertAllCountOnce();
    }

    @Test
    @DisplayName("is read on by another node when its node leaves, and each file counts once")
    void leaves() throws IOException {
        watch(After.LEAVE);
        put(FILES);
        awaitAllSeen();
        int leaving = watching().findFirst().orElseThrow();

        put(FILES);
        join(folders.get(leaving).stop(GRACE));
        assertThat(folders.get(leaving).check().passed()).isFalse();
        assertThat(watching()).isEmpty();
        cluster.stop(leaving);
        put(FILES);
        awaitAllSeen();

        assertThat(watching()).hasSize(1).doesNotContain(leaving);
        int watcher = watching().findFirst().orElseThrow();
        await(() -> join(cluster.node(watcher).deliveredFiles()).size() == 2 * files);
        assertAllCountOnce();
    }

    @Test
    @DisplayName("is read on by another node when its node is killed in the middle, and each file counts once")
    void killed() throws IOException {
        watch(After.MOVE);
        int killed = watching().findFirst().orElseThrow();
        put(5 * FILES);
        await(() -> status(cluster.node(killed), "dog").seen() > 0);

        cluster.kill(killed);
        put(FILES);
        awaitAllSeen();

        await(() -> filesIn("cat") + filesIn("dog") == 0);
        assertThat(filesIn(".done/cat") + filesIn(".done/dog")).isEqualTo(2L * files);
        assertThat(watching().filter(number -> number != killed)).hasSize(1);
        assertAllCountOnce();
    }

    private long filesIn(String name) {
        try (Stream<Path> all = Files.list(root.resolve(name))) {
            return all.count();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
