package dev.reverie.actors.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.cluster.ClusterSettings.ClusterTls;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;

/** A node of a cluster in the process of a test: an actor system configured as in production. */
public final class TestNode implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HOST = InetAddress.getLoopbackAddress().getHostAddress();

    /** Makes a test faster, and lets its process go on when a node ends. */
    static final Config IN_TEST = ConfigFactory.parseString("""
        pekko.cluster {
          seed-node-timeout = 1s
          retry-unsuccessful-join-after = 1s
        }
        pekko.coordinated-shutdown.reason-overrides {
          "org.apache.pekko.actor.CoordinatedShutdown$ClusterDowningReason$".exit-jvm = off
          "org.apache.pekko.actor.CoordinatedShutdown$ClusterJoinUnsuccessfulReason$".exit-jvm = off
          "org.apache.pekko.actor.CoordinatedShutdown$IncompatibleConfigurationDetectedReason$".exit-jvm = off
        }
        """);

    private final String address;
    private final ActorSystem<Void> system;
    private final CompletableFuture<Done> ended = new CompletableFuture<>();

    private TestNode(String address, ActorSystem<Void> system) {
        this.address = address;
        this.system = system;
        // Not the end of the actor system, which Pekko sometimes misses after a failure to join: in production, the
        // process exits then.
        CoordinatedShutdown.get(system).addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "test", () -> {
            ended.complete(Done.getInstance());
            return ended;
        });
    }

    /** Returns the settings of a node on this machine whose only seed is the node at another port. */
    public static ClusterSettings settings(int port, int seed, int members, Optional<ClusterTls> tls) {
        return new ClusterSettings(HOST, port, Optional.empty(), List.of(HOST + ":" + seed), members, tls);
    }

    /** Starts a node that is to join, which a busy machine may delay. */
    public static TestNode start(ClusterSettings settings, Map<String, String> agreement) {
        return start(settings, agreement, PATIENCE);
    }

    /** Starts a node, which ends if it has not joined after {@code patience}. */
    static TestNode start(ClusterSettings settings, Map<String, String> agreement, Duration patience) {
        return start(
                settings,
                agreement,
                ConfigFactory.parseMap(Map.of("pekko.cluster.shutdown-after-unsuccessful-join-seed-nodes", patience)));
    }

    /** Starts a node with settings of Pekko that replace those of production. */
    static TestNode start(ClusterSettings settings, Map<String, String> agreement, Config replaced) {
        return new TestNode(
                settings.address(),
                ActorSystem.create(
                        Behaviors.empty(),
                        ClusterConfiguration.SYSTEM,
                        replaced.withFallback(IN_TEST)
                                .withFallback(ClusterConfiguration.of(settings, "0.1.0", agreement))
                                .withFallback(ConfigFactory.load("reverie"))
                                .resolve()));
    }

    /** Waits until the cluster has accepted the node. */
    public TestNode awaitUp() {
        TestProbe<SelfUp> probe = TestProbe.create(system);
        cluster().subscriptions().tell(Subscribe.create(probe.ref(), SelfUp.class));
        probe.receiveMessage(PATIENCE);
        return this;
    }

    /** Address of the node, {@code host:port}. */
    public String address() {
        return address;
    }

    public ActorSystem<Void> system() {
        return system;
    }

    public Cluster cluster() {
        return Cluster.get(system);
    }

    /** Completes when the node has left the cluster or given up to join it, and ends its actor system. */
    public CompletionStage<Done> ended() {
        return ended;
    }

    /** Lets the node leave, and waits until it has left. */
    @Override
    public void close() {
        system.terminate();
        ended.join();
    }
}
