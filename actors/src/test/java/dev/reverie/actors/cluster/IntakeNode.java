package dev.reverie.actors.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.IntakeExamples;
import dev.reverie.actors.intake.IntakeSettings;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.store.PostgresServer;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.telemetry.ClassMoves;
import dev.reverie.actors.telemetry.IngestSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/** One node of a cluster: an intake with its own actor system. All nodes use the same store. */
final class IntakeNode implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Store store;
    private final ActorTestKit testKit;
    private final ClusterClasses classes;
    private final ActorRef<IntakeActor.Command> intake;

    private IntakeNode(
            Store store, ActorTestKit testKit, ClusterClasses classes, ActorRef<IntakeActor.Command> intake) {
        this.store = store;
        this.testKit = testKit;
        this.classes = classes;
        this.intake = intake;
    }

    /** Starts a node on the store of the cluster, which then joins the others. */
    static IntakeNode started(String url, ClusterSettings settings) {
        Store store = Store.sharedOnPostgres(url, PostgresServer.USER, "");
        Config faster = ConfigFactory.parseString("""
                pekko.actor.serialize-messages = on
                pekko.cluster.split-brain-resolver.stable-after = 3s
                # Longer than a test waits for a node that leaves, so that a singleton which does not hand over fails it.
                pekko.coordinated-shutdown.phases.cluster-exiting.timeout = 5m
                # A test that ends a node kills it: the node does not say so to the others.
                pekko.coordinated-shutdown.run-by-actor-system-terminate = off
                """);
        ActorTestKit testKit = ActorTestKit.create(
                ClusterConfiguration.SYSTEM,
                faster.withFallback(TestNode.IN_TEST)
                        .withFallback(store.configuration())
                        .withFallback(ClusterConfiguration.of(settings, "0.1.0", Map.of()))
                        .withFallback(ConfigFactory.load("reverie"))
                        .resolve());
        IntakeSettings plan = IntakeExamples.on(store);
        ClusterClasses classes = ClusterClasses.start(testKit.system(), plan);
        return new IntakeNode(store, testKit, classes, testKit.spawn(IntakeActor.create(plan, classes), "intake"));
    }

    /** Delivers samples as a client does: again and again until the service has accepted or refused them. */
    DeliveryOutcome deliver(List<Sample> samples) {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            DeliveryOutcome outcome = attempt(samples);
            if (!(outcome instanceof DeliveryOutcome.Deferred deferred) || System.nanoTime() > end) {
                return outcome;
            }
            pause(deferred.retryAfter().dividedBy(4));
        }
    }

    /** Delivers samples once. */
    DeliveryOutcome attempt(List<Sample> samples) {
        Delivery delivery = new Delivery(IngestSource.HTTP, samples);
        return ask(replyTo -> new IntakeActor.Deliver(delivery, replyTo));
    }

    static void pause(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interruption);
        }
    }

    <R> R ask(Function<ActorRef<R>, IntakeActor.Command> message) {
        return Asks.ask(intake, message, testKit.system().scheduler())
                .toCompletableFuture()
                .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Asks a class through the proxy of this node until the node knows the class and the class answers. */
    <R> R askClass(String name, Function<ActorRef<R>, ClassMessage> message) {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            try {
                return Asks.askRepeatedly(
                                known(name).orElseThrow().actor(),
                                message,
                                testKit.system().scheduler())
                        .toCompletableFuture()
                        .join();
            } catch (CompletionException | NoSuchElementException failure) {
                if (System.nanoTime() > end) {
                    throw failure;
                }
                pause(Duration.ofMillis(50));
            }
        }
    }

    Optional<OpenClass> known(String label) {
        return overview().classes().stream()
                .filter(each -> each.info().label().equals(label))
                .findFirst();
    }

    IntakeActor.Overview overview() {
        return ask(IntakeActor.GetOverview::new);
    }

    ClassMoves moves() {
        return classes.moves();
    }

    Cluster cluster() {
        return Cluster.get(testKit.system());
    }

    /** Number of members that this node sees to be up. */
    int up() {
        return Math.toIntExact(
                StreamSupport.stream(cluster().state().getMembers().spliterator(), false)
                        .filter(member -> member.status() == MemberStatus.up())
                        .count());
    }

    /** This node as a member of the cluster. */
    Member self() {
        return cluster().selfMember();
    }

    /** Leaves the cluster in an orderly way, as a process does that is asked to stop, and waits until it has ended. */
    void leave() {
        CoordinatedShutdown.get(testKit.system())
                .runAll(CoordinatedShutdown.clusterLeavingReason())
                .toCompletableFuture()
                .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .join();
        store.close();
    }

    /** Ends the node without a word to the other nodes. */
    @Override
    public void close() {
        testKit.shutdownTestKit();
        store.close();
    }
}
