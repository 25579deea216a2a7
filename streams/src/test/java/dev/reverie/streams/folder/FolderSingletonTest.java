package dev.reverie.streams.folder;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.streams.decode.Pictures;
import dev.reverie.streams.folder.FolderSettings.After;
import dev.reverie.streams.service.Readiness;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The folder of a node of a cluster")
class FolderSingletonTest extends AbstractFolderIngestTest {
    private final AtomicInteger opened = new AtomicInteger();

    private final FolderSingleton singleton = new FolderSingleton(() -> {
        opened.incrementAndGet();
        return open(After.DELETE, RARELY);
    });

    /** Hears when the node has handed the folder over. */
    private final TestProbe<ActorRef<?>> cluster = kit.createTestProbe();

    private static final Duration PAUSE = Duration.ofMinutes(5);

    /** Time that can pass between the end of a scan, with which the pause begins, and the delivery of its files. */
    private static final Duration DELIVERY = Duration.ofMinutes(1);

    @AutoClose("shutdownTestKit")
    private final ActorTestKit manual = ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));

    private final ManualTime time = ManualTime.get(manual.system());

    private ActorRef<FolderSingleton.Command> begin() {
        ActorRef<FolderSingleton.Command> begun = kit.spawn(singleton.behaviour());
        kit.spawn(Behaviors.<ActorRef<?>>setup(context -> {
            context.watchWith(begun, begun);
            return Behaviors.receiveMessage(ended -> {
                cluster.ref().tell(ended);
                return Behaviors.same();
            });
        }));
        return begun;
    }

    private static Readiness.Check check(boolean passed, String detail) {
        return new Readiness.Check("folder", passed, detail);
    }

    @Test
    @DisplayName("is read when the node begins to watch it, and the node is ready before")
    void watches() {
        assertThat(singleton.check()).isEqualTo(check(true, "is watched by another node"));
        put("cat/1.png", Pictures.greyPng(4, 4));

        begin();

        await(() -> assertThat(files()).isEmpty());
        assertThat(singleton.check()).isEqualTo(check(true, "is watched"));
    }

    @Test
    @DisplayName("is handed over when the files in work are deleted, and not before")
    void handsOver() {
        CompletableFuture<DeliveryOutcome> outcome = new CompletableFuture<>();
        service.replyNextWith(outcome);
        put("cat/1.png", Pictures.greyPng(4, 4));
        ActorRef<FolderSingleton.Command> watching = begin();
        await(() -> assertThat(service.deliveries()).hasSize(1));

        watching.tell(FolderSingleton.Command.STOP);
        cluster.expectNoMessage();
        assertThat(singleton.check()).isEqualTo(check(false, "is stopped"));
        put("cat/2.png", Pictures.greyPng(4, 4));
        outcome.complete(new DeliveryOutcome.Accepted(1, 0));

        cluster.expectMessage(TIMEOUT, watching);
        assertThat(files()).containsExactly("cat/2.png");
        assertThat(service.deliveries()).hasSize(1);
    }

    @Test
    @DisplayName("is handed over when the time for that is over, although the service does not answer")
    void handsOverWithoutAnAnswer() {
        service.replyNextWith(new CompletableFuture<>());
        put("cat/1.png", Pictures.greyPng(4, 4));
        ActorRef<FolderSingleton.Command> watching = begin();
        await(() -> assertThat(service.deliveries()).hasSize(1));

        watching.tell(FolderSingleton.Command.STOP);

        cluster.expectMessage(TIMEOUT, watching);
        assertThat(files()).containsExactly("cat/1.png");
    }

    @Test
    @DisplayName("is not read by a node that becomes the oldest one while it stops")
    void stopping() {
        singleton.stop(Duration.ZERO).toCompletableFuture().join();
        put("cat/1.png", Pictures.greyPng(4, 4));

        ActorRef<FolderSingleton.Command> watching = begin();
        watching.tell(FolderSingleton.Command.STOP);

        cluster.expectMessage(TIMEOUT, watching);
        assertThat(singleton.check()).isEqualTo(check(false, "is stopped"));
        assertThat(opened).hasValue(0);
    }

    @Test
    @DisplayName("has its first files read at once, and new ones after a pause, although they wait for the next scan")
    void pauses() {
        put("cat/1.png", Pictures.greyPng(4, 4));
        AtomicLong nanos = new AtomicLong();
        LongSupplier oneHourLater = () -> nanos.addAndGet(Duration.ofHours(1).toNanos());
        FolderIngest ingest = new FolderIngest(
                manual.system(), FolderSettings.of(root, After.LEAVE), service, recorded, oneHourLater);

        assertThat(awaitFiles(1, Duration.ofMillis(100))).isLessThan(DELIVERY);

        put("cat/2.png", Pictures.greyPng(4, 4));

        assertThat(awaitFiles(2, Duration.ofSeconds(20))).isGreaterThan(PAUSE.minus(DELIVERY));
        stop(ingest);
    }

    /** Lets time pass in steps until so many files are delivered, and returns how much has passed. */
    private Duration awaitFiles(int count, Duration step) {
        AtomicInteger steps = new AtomicInteger();
        await(() -> {
            steps.incrementAndGet();
            time.timePasses(step);
            assertThat(service.accepted("cat")).hasSize(count);
        });
        return step.multipliedBy(steps.get());
    }
}
