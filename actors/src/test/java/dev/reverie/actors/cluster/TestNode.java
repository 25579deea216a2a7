package dev.reverie.actors.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;

/** A node of a cluster in the process of a test: an actor system configured as in production. */
public final class TestNode implements AutoCloseable {

    private static final String HOST = InetAddress.getLoopbackAddress().getHostAddress();

    /** Makes a test faster, and lets its process go on when a node ends. */
    private static final Config IN_TEST = ConfigFactory.parseString("""
            pekko.cluster {
              seed-node-timeout = 1s
              retry-unsuccessful-join-after = 1s
              shutdown-after-unsuccessful-join-seed-nodes = 5s
            }
            pekko.coordinated-shutdown.reason-overrides {
              "org.apache.pekko.actor.CoordinatedShutdown$ClusterDowningReason$".exit-jvm = off
              "org.apache.pekko.actor.CoordinatedShutdown$ClusterJoinUnsuccessfulReason$".exit-jvm = off
              "org.apache.pekko.actor.CoordinatedShutdown$IncompatibleConfigurationDetectedReason$".exit-jvm = off
            }
            """);

    private final ActorSystem<Void> system;

    private TestNode(ActorSystem<Void> system) {
        this.system = system;
    }

    /** Returns a port that is free now. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns the settings of a node on this machine whose only seed is the node at another port. */
    public static ClusterSettings settings(int port, int seed, int members, Optional<ClusterTls> tls) {
        return new ClusterSettings(HOST, port, List.of(HOST + ":" + seed), members, tls);
    }

    /** Starts a node, which begins to join. */
    public static TestNode start(ClusterSettings settings, Map<String, String> agreement) {
        return new TestNode(ActorSystem.create(
                Behaviors.empty(),
                ClusterConfiguration.SYSTEM,
                IN_TEST.withFallback(ClusterConfiguration.of(settings, "0.1.0", agreement))
                        .withFallback(ConfigFactory.load("reverie"))
                        .resolve()));
    }

    /** Waits until the cluster has accepted the node. */
    public TestNode awaitUp() {
        TestProbe<SelfUp> probe = TestProbe.create(system);
        cluster().subscriptions().tell(Subscribe.create(probe.ref(), SelfUp.class));
        probe.receiveMessage(Duration.ofSeconds(30));
        return this;
    }

    public ActorSystem<Void> system() {
        return system;
    }

    public Cluster cluster() {
        return Cluster.get(system);
    }

    /** Completes when the node has ended by itself. */
    public CompletionStage<Done> ended() {
        return system.getWhenTerminated();
    }

    /** Lets the node leave, and waits until it has ended. */
    @Override
    public void close() {
        system.terminate();
        ended().toCompletableFuture().join();
    }
}
