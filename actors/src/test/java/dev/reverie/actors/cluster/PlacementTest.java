package dev.reverie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.FreePorts;
import dev.reverie.actors.classes.ClassMessage;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The places of the classes of a cluster")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PlacementTest {

    private static final int CLASSES = 10;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long POLL_NS = 50_000_000;
    /** Gives the shards a thread of their own, which a test can block. */
    private static final Config ONE_THREAD = ConfigFactory.parseString("""
        pekko.cluster.sharding.use-dispatcher = one-thread
        one-thread {
          type = Dispatcher
          executor = thread-pool-executor
          thread-pool-executor.fixed-pool-size = 1
        }
        """);

    private final int port = FreePorts.next();
    private final TestNode one = TestNode.start(settings(port), Map.of(), ONE_THREAD);
    private final TestNode two = TestNode.start(settings(FreePorts.next()), Map.of(), ONE_THREAD);
    private final CountDownLatch thaw = new CountDownLatch(1);

    private ClusterSettings settings(int own) {
        return TestNode.settings(own, port, 2, Optional.empty());
    }

    @BeforeEach
    void startShards() {
        one.awaitUp();
        two.awaitUp();
        ClusterSharding.get(one.system()).init(Entity.of(ClassEntity.KEY, _ -> silent()));
        ClusterSharding.get(two.system()).init(Entity.of(ClassEntity.KEY, _ -> silent()));
    }

    private static Behavior<ClassMessage> silent() {
        return Behaviors.receiveMessage(_ -> Behaviors.same());
    }

    @AfterEach
    void stop() {
        thaw.countDown();
        two.close();
        one.close();
    }

    @Test
    @DisplayName("are known for the nodes that answer, even if another one does not answer")
    void silentNode() {
        Placement whole = awaitAllClasses();
        assertThat(whole.shards()).containsOnlyKeys(one.address(), two.address());

        two.system()
                .dispatchers()
                .lookup(DispatcherSelector.fromConfig("one-thread"))
                .execute(this::awaitThaw);

        Placement partial = await(placement -> placement.classes().containsKey(one.address()));
        assertThat(partial.classes()).isEqualTo(Map.of(one.address(), classesOf(whole, one)));
        assertThat(partial.shards()).containsOnlyKeys(one.address());
    }

    private Placement awaitAllClasses() {
        ClusterSharding sharding = ClusterSharding.get(one.system());
        IntStream.range(0, CLASSES).forEach(index -> sharding.entityRefFor(ClassEntity.KEY, Integer.toString(index))
                .tell(new ClassEntity.Subscribe(one.system().ignoreRef())));
        return await(placement -> classesOf(placement, one) + classesOf(placement, two) == CLASSES);
    }

    /** Asks again while a busy machine delays answers until they do not count. */
    private Placement await(Predicate<Placement> condition) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() < deadline) {
            Placement placement =
                    Placement.of(one.system()).toCompletableFuture().join();
            if (condition.test(placement)) {
                return placement;
            }
            LockSupport.parkNanos(POLL_NS);
        }
        throw new AssertionError("no placement has met the condition");
    }

    private static int classesOf(Placement placement, TestNode node) {
        return Optional.ofNullable(placement.classes().get(node.address())).orElse(0);
    }

    private void awaitThaw() {
        try {
            thaw.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
