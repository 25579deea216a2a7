package dev.reverie.deploy.history.cluster;

import dev.reverie.actors.FreePorts;
import dev.reverie.actors.store.PostgresServer;
import dev.reverie.deploy.history.faults.Build;
import dev.reverie.deploy.history.faults.FaultAgent;
import dev.reverie.deploy.history.rounds.HttpCaller;
import dev.reverie.deploy.history.rounds.ServiceProcess;
import dev.reverie.deploy.history.rounds.UnresponsiveException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The processes of a cluster. Each keeps its addresses when it is started again. */
final class ClusterNodes implements AutoCloseable {

    static final int COUNT = 3;

    private static final Duration READY_LIMIT = Duration.ofMinutes(4);
    private static final long POLL_NS = 100_000_000;
    private static final int SHOWN_LINES = 10;

    private final List<ServiceProcess.Launch> launches = new ArrayList<>();
    private final List<ServiceProcess> processes = new ArrayList<>();
    private final List<HttpCaller> callers = new ArrayList<>();
    /** The release of which nodes are started now. */
    private Build build = Build.READS_NEXT;

    private ClusterNodes(NodeNetwork network, String database, Path folder, Map<String, String> further)
            throws IOException {
        Path agent = FaultAgent.writeTo(folder);
        List<String> addresses = IntStream.range(0, COUNT)
                .mapToObj(node -> network.host(node) + ":" + FreePorts.next())
                .toList();
        for (int node = 0; node < COUNT; node++) {
            String host = network.host(node);
            String address = addresses.get(node);
            int httpPort = FreePorts.next();
            Map<String, String> environment = new TreeMap<>(Map.of(
                    "REVERIE_CLUSTER_ENABLED",
                    "true",
                    "REVERIE_CLUSTER_HOST",
                    host,
                    "REVERIE_CLUSTER_PORT",
                    address.substring(address.indexOf(':') + 1),
                    "REVERIE_CLUSTER_SEEDS",
                    String.join(",", addresses),
                    "REVERIE_CLUSTER_MEMBERS",
                    Integer.toString(COUNT),
                    "REVERIE_STORE_POSTGRES_URL",
                    database,
                    "REVERIE_STORE_POSTGRES_USER",
                    PostgresServer.USER,
                    "REVERIE_LEARNING_MIN_IMAGES",
                    "1000000",
                    "REVERIE_EVALUATION_ENABLED",
                    "false",
                    "REVERIE_HTTP_PORT",
                    Integer.toString(httpPort)));
            environment.put("REVERIE_HTTP_HOST", host);
            environment.putAll(network.environment());
            environment.putAll(further);
            Path log = folder.resolve("node-" + launches.size() + ".log");
            launches.add(new ServiceProcess.Launch(network.runAt(node), agent, List.of(), environment, log));
            callers.add(new HttpCaller(URI.create("http://" + host + ":" + httpPort)));
        }
    }

    /** Starts all nodes with an empty database, and waits until they are ready. */
    static ClusterNodes startedOn(NodeNetwork network, String database, Path folder) throws IOException {
        return startedOn(network, database, folder, Map.of());
    }

    /**
     * Like {@link #startedOn(NodeNetwork, String, Path)}.
     *
     * @param further further settings of all nodes, as environment variables
     */
    static ClusterNodes startedOn(NodeNetwork network, String database, Path folder, Map<String, String> further)
            throws IOException {
        ClusterNodes nodes = new ClusterNodes(network, database, folder, further);
        try {
            for (ServiceProcess.Launch launch : nodes.launches) {
                nodes.processes.add(ServiceProcess.start(launch.withBuild(nodes.build)));
            }
            nodes.awaitAllReady();
            return nodes;
        } catch (IOException | RuntimeException failure) {
            nodes.close();
            throw failure;
        }
    }

    /** Clients of the nodes, in the order of their numbers. */
    List<HttpCaller> callers() {
        return List.copyOf(callers);
    }

    HttpCaller caller(int node) {
        return callers.get(node);
    }

    ServiceProcess process(int node) {
        return processes.get(node);
    }

    /** The logs of the nodes, in the order of their numbers. */
    List<Path> logs() {
        return launches.stream().map(ServiceProcess.Launch::log).toList();
    }

    /** Lets nodes that are started from now on be of the other release. */
    void changeBuild() {
        build = build == Build.READS_NEXT ? Build.WRITES_NEXT : Build.READS_NEXT;
    }

    /** Starts a node that has ended, and waits until it is ready. */
    void restart(int node) throws IOException {
        processes.set(node, ServiceProcess.start(launches.get(node).withBuild(build)));
        awaitReady(node);
    }

    void awaitAllReady() {
        IntStream.range(0, COUNT).forEach(this::awaitReady);
    }

    private void awaitReady(int node) {
        await("node " + node + " is ready", READY_LIMIT, () -> {
            if (!process(node).isAlive()) {
                throw new UnresponsiveException("node " + node + " ended by itself: " + lastLines(node));
            }
            return caller(node).isReady();
        });
    }

    private String lastLines(int node) {
        try {
            List<String> lines = Files.readAllLines(logs().get(node));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
        } catch (IOException failure) {
            return String.valueOf(failure);
        }
    }

    /** Waits until a node has ended; returns false if it does not within the limit. */
    boolean endsWithin(int node, Duration limit) {
        long start = System.nanoTime();
        while (process(node).isAlive() && System.nanoTime() - start < limit.toNanos()) {
            LockSupport.parkNanos(POLL_NS);
        }
        return !process(node).isAlive();
    }

    /**
     * Waits until a condition holds.
     *
     * @throws UnresponsiveException if it does not hold within the limit
     */
    static void await(String what, Duration limit, BooleanSupplier condition) {
        awaitValue(what, limit, () -> condition.getAsBoolean() ? Optional.of(what) : Optional.empty());
    }

    /**
     * Waits until there is a value.
     *
     * @throws UnresponsiveException if there is none within the limit
     */
    static <T> T awaitValue(String what, Duration limit, Supplier<Optional<T>> supplier) {
        long start = System.nanoTime();
        Optional<T> value = supplier.get();
        while (value.isEmpty()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new UnresponsiveException("not within " + limit.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(POLL_NS);
            value = supplier.get();
        }
        return value.get();
    }

    @Override
    public void close() {
        processes.forEach(ServiceProcess::close);
        callers.forEach(HttpCaller::close);
    }
}
