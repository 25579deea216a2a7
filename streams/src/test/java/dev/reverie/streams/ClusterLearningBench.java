package dev.reverie.streams;

import static dev.reverie.streams.ServiceCluster.await;
import static dev.reverie.streams.ServiceCluster.deliver;
import static dev.reverie.streams.ServiceCluster.status;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Measures how many jobs the engines of a cluster begin per second, if each job takes 20 ms without using the
 * processor: {@code java -cp <test class path> dev.reverie.streams.ClusterLearningBench NODES}. Not a test.
 */
final class ClusterLearningBench {

    private static final int CLASSES = 60;
    private static final int SECONDS = 30;
    private static final Duration JOB = Duration.ofMillis(20);

    private ClusterLearningBench() {}

    public static void main(String[] args) throws Exception {
        Path data = Files.createTempDirectory("cluster-learning");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        int nodes = Integer.parseInt(args[0]);
        try (ServiceCluster cluster = ServiceCluster.withSlowEngines(data, nodes, JOB)) {
            for (int i = 0; i < CLASSES; i++) {
                deliver(cluster.node(i % nodes), "class-" + i, 6, i);
            }
            await(() -> cluster.learning() == nodes
                    && status(cluster.node(0), "class-0").innerLoops() > 1);
            long before = cluster.jobs();
            long start = System.nanoTime();
            TimeUnit.SECONDS.sleep(SECONDS);
            double seconds = (System.nanoTime() - start) / 1e9;
            double rate = (cluster.jobs() - before) / seconds;
            System.out.printf(
                    "%d nodes: %.1f jobs per second, %.2f of the limit%n",
                    nodes, rate, rate * JOB.toMillis() / 1e3 / nodes);
        }
        System.exit(0);
    }
}
