package dev.reverie.deploy.history.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.PostgresServer;
import dev.reverie.deploy.history.Answer;
import dev.reverie.deploy.history.Request;
import dev.reverie.deploy.history.SampleKey;
import dev.reverie.deploy.history.rounds.SampleImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A folder that three processes of a cluster watch")
class ClusterFolderKillIT {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final List<String> LABELS = List.of("ant", "bee", "cat");
    private static final int MANY = 400;
    private static final int FEW = 10;

    private final NodeNetwork network = NodeNetwork.loopback();
    private Path root = Path.of("");
    private PostgresServer server;
    private ClusterNodes nodes;
    /** Files of each class put into the folder so far. */
    private int files;

    @BeforeEach
    void start(@TempDir Path folder, @TempDir Path data, @TempDir Path logs) throws IOException {
        root = folder.toRealPath();
        server = PostgresServer.startedIn(data, network.serverHost());
        nodes = ClusterNodes.startedOn(
                network,
                server.newDatabase(),
                logs,
                Map.of("REVERIE_WATCH_FOLDER", root.toString(), "REVERIE_WATCH_AFTER", "move"));
    }

    @AfterEach
    void stop() {
        nodes.close();
        server.close();
        network.close();
    }

    @Test
    @DisplayName("is read on when the process that reads it is killed and when the next one stops, each file once")
    void readOn() throws IOException {
        int first = awaitWatching();
        put(MANY);
        ClusterNodes.await("samples are stored", LIMIT, () -> samples(first) > 0);

        nodes.process(first).kill();
        put(FEW);

        awaitAllMoved();
        int second = awaitWatching();
        assertThat(second).isNotEqualTo(first);
        assertAllCountOnce(second);

        nodes.restart(first);
        put(FEW);
        nodes.process(second).terminate();
        put(FEW);

        awaitAllMoved();
        assertThat(awaitWatching()).isNotEqualTo(second);
        assertAllCountOnce(first);
    }

    /** Waits until a node watches the folder, and returns its number. */
    private int awaitWatching() {
        return ClusterNodes.awaitValue("a node watches the folder", LIMIT, () -> {
            List<Integer> watching = IntStream.range(0, ClusterNodes.COUNT)
                    .filter(node -> nodes.caller(node).readiness().stream()
                            .anyMatch(checks -> checks.contains("\"is watched\"")))
                    .boxed()
                    .toList();
            assertThat(watching).hasSizeLessThan(2);
            return watching.stream().findFirst();
        });
    }

    private long samples(int node) {
        return nodes.caller(node).send(new Request.ReadStatus()) instanceof Answer.Status(var samples, var _)
                ? samples
                : 0;
    }

    private void put(int count) throws IOException {
        for (String label : LABELS) {
            Path folder = Files.createDirectories(root.resolve(label));
            for (int number = files; number < files + count; number++) {
                byte[] image = SampleImages.png(new SampleKey(label, Integer.toString(number)));
                Files.move(Files.write(folder.resolve(".new"), image), folder.resolve(number + ".png"));
            }
        }
        files += count;
    }

    /** Waits until all files are moved, which follows the reply that all their samples are durable. */
    private void awaitAllMoved() {
        ClusterNodes.await("all files are moved", LIMIT, () -> filesIn(root) == 0);
        assertThat(filesIn(root.resolve(".done"))).isEqualTo((long) LABELS.size() * files);
        assertThat(root.resolve(".refused")).doesNotExist();
    }

    private static long filesIn(Path folder) {
        return LABELS.stream().mapToLong(label -> count(folder.resolve(label))).sum();
    }

    private static long count(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Lets a node know all samples, of which none may count twice. */
    private void assertAllCountOnce(int node) {
        long all = (long) LABELS.size() * files;
        ClusterNodes.await("node " + node + " knows all samples", LIMIT, () -> samples(node) >= all);
        assertThat(samples(node)).isEqualTo(all);
    }
}
