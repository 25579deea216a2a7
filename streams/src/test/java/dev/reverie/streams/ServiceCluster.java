package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.FreePorts;
import dev.reverie.actors.cluster.ClusterSettings;
import dev.reverie.actors.evaluation.EvaluationPolicy;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.actors.store.PostgresServer;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.method.Method;
import dev.reverie.streams.runtime.ActorMemoryService;
import dev.reverie.streams.runtime.ServiceRequest;
import dev.reverie.streams.runtime.ServiceRequest.ClusterNode;
import dev.reverie.streams.service.ClusterView.ClusterStatus;
import dev.reverie.streams.service.IngestListener;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorSystemImpl;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/** The nodes of a cluster, numbered from 0: services on one PostgreSQL server, in the process of a test. */
public final class ServiceCluster implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final int MEMBERS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration GRACE = Duration.ofSeconds(30);

    static {
        // A node that is killed must not end the process, which it shares with the other nodes.
        System.setProperty("pekko.cluster.run-coordinated-shutdown-when-down", "off");
        // The nodes of a test start at the same time, so the first one need not wait long for an earlier cluster.
        System.setProperty("pekko.cluster.seed-node-timeout", "1s");
        ConfigFactory.invalidateCaches();
    }

    private final PostgresServer server;
    private final String url;
    private final List<String> addresses;
    private final IntFunction<Optional<EvaluationPolicy>> evaluation;
    private final List<RunFixture> engines;
    private final Map<Integer, ActorMemoryService> nodes = new TreeMap<>();

    private ServiceCluster(Path data, IntFunction<Optional<EvaluationPolicy>> evaluation) {
        this.server = PostgresServer.startedIn(data);
        this.url = server.newDatabase();
        this.addresses = IntStream.range(0, MEMBERS)
                .mapToObj(_ -> HOST + ":" + FreePorts.next())
                .toList();
        this.evaluation = evaluation;
        this.engines = Stream.generate(RunFixture::new).limit(MEMBERS).toList();
    }

    /** Starts a server and three nodes that do not evaluate the memory, and waits until they know the registry. */
    public static ServiceCluster started(Path data) {
        return started(data, MEMBERS, _ -> Optional.empty());
    }

    /**
     * Starts a server and the first nodes of three, and waits until they know the registry.
     *
     * @param evaluation how a node evaluates the memory
     */
    static ServiceCluster started(Path data, int first, IntFunction<Optional<EvaluationPolicy>> evaluation) {
        ServiceCluster cluster = new ServiceCluster(data, evaluation);
        IntStream.range(0, first).forEach(cluster::begin);
        cluster.awaitReady();
        return cluster;
    }

    /** Starts a node, and waits until all nodes have it. */
    ActorMemoryService start(int number) {
        begin(number);
        awaitReady();
        return node(number);
    }

    /** Waits until the nodes know the registry, and count when the others decide who has a majority. */
    private void awaitReady() {
        all().forEach(node -> join(node.storeRead()));
        all().forEach(node -> await(() -> addressesUp(node)
                .containsAll(nodes.keySet().stream().map(this::address).toList())));
    }

    private static List<String> addressesUp(ActorMemoryService node) {
        return join(node.cluster().orElseThrow().status()).members().stream()
                .filter(member -> member.state() == ClusterStatus.State.UP)
                .map(member -> member.address().orElseThrow())
                .toList();
    }

    private void begin(int number) {
        int port = Integer.parseInt(addresses.get(number).substring(HOST.length() + 1));
        ClusterSettings settings =
                new ClusterSettings(HOST, port, Optional.empty(), addresses, addresses.size(), Optional.empty());
        nodes.put(
                number,
                ActorMemoryService.start(new ServiceRequest(
                        Store.sharedOnPostgres(url, PostgresServer.USER, ""),
                        shape -> RunSettings.settings(Method.DREAM),
                        ServiceFixture.POLICY,
                        MemoryBudget.perClass(ServiceFixture.IPC),
                        IntakeLimits.DEFAULT,
                        Optional.empty(),
                        OptionalInt.empty(),
                        evaluation.apply(number),
                        (method, shape, normalisation) -> engines.get(number).get(),
                        Instant::now,
                        System::nanoTime,
                        List.of(),
                        IngestListener.NONE,
                        Optional.of(new ClusterNode(settings, "0.1.0", Map.of())))));
    }

    /** The running nodes. */
    public List<ActorMemoryService> all() {
        return List.copyOf(nodes.values());
    }

    public ActorMemoryService node(int number) {
        return Optional.ofNullable(nodes.get(number)).orElseThrow();
    }

    /** Address of a node, {@code host:port}. */
    public String address(int number) {
        return addresses.get(number);
    }

    /** Number of nodes that have opened an engine. */
    long learning() {
        return engines.stream().filter(engine -> engine.opened() > 0).count();
    }

    /** Number of jobs that the engines have begun. */
    long jobs() {
        return engines.stream().mapToLong(engine -> engine.journal().size()).sum();
    }

    /** Ends a node without a word to the other nodes, and without saving. */
    public void kill(int number) {
        ActorMemoryService killed = Optional.ofNullable(nodes.remove(number)).orElseThrow();
        ((ActorSystemImpl) Adapter.toClassic(killed.system())).abort();
        join(killed.end());
    }

    /** Lets a node save and leave. */
    void stop(int number) {
        join(Optional.ofNullable(nodes.remove(number)).orElseThrow().stop(GRACE));
    }

    /** Delivers images to a node until it has accepted them. */
    static void deliver(ActorMemoryService node, String label, int count, long seed) {
        Delivery delivery = new Delivery(
                IngestSource.HTTP,
                RunSettings.images(count, seed).stream()
                        .map(image -> new Sample(label, Optional.empty(), image))
                        .toList());
        await(() -> join(node.admit(delivery)) instanceof DeliveryOutcome.Accepted);
    }

    static ClassInfo status(ActorMemoryService node, String label) {
        return join(node.classNamed(label)).orElseThrow();
    }

    public static <R> R join(CompletionStage<R> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    public static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            assertThat(System.nanoTime())
                    .as("time in which a condition must hold")
                    .isLessThan(end);
            pause();
        }
    }

    static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interruption);
        }
    }

    /** What a node does not know yet, or another node does not answer now, is asked again. */
    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (CompletionException | NoSuchElementException unavailable) {
            return false;
        }
    }

    /** Kills all nodes. */
    @Override
    public void close() {
        List.copyOf(nodes.keySet()).forEach(this::kill);
        server.close();
    }
}
