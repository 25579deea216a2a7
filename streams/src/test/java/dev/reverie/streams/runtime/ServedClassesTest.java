package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.actors.lifecycle.ClassInfos;
import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The images of a class")
class ServedClassesTest {

    /** Requests never expire, however long a busy machine pauses. */
    @AutoClose("shutdownTestKit")
    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));

    private final TestProbe<ClassMessage> owner = kit.createTestProbe();
    private final OpenClass cat = new OpenClass(ClassInfos.of(0, "cat", ClassPhase.DISTILLING, 70), false, owner.ref());
    private final OpenClass failingCat = new OpenClass(cat.info(), true, owner.ref());
    private final ServedClasses served = new ServedClasses(MemoryBudget.perClass(10), kit.scheduler());

    private CompletableFuture<Optional<ServedClass>> ask(OpenClass known) {
        return served.of(known).toCompletableFuture();
    }

    private void reply() {
        owner.expectMessageClass(ClassActor.ReadAverage.class)
                .replyTo()
                .tell(new ClassActor.Average(0, ImageBatch.of(new ImageShape(1, 1, 1), new float[1])));
    }

    @Test
    @DisplayName("are not waited for again, nor asked for again, if the class has not replied in time")
    void stillSilent() {
        assertThat(ask(cat).join()).isEmpty();
        owner.expectMessageClass(ClassActor.ReadAverage.class);

        assertThat(ask(cat)).isCompletedWithValue(Optional.empty());
        owner.expectNoMessage();
    }

    @Test
    @DisplayName("are those of its last reply, even if nobody waited for the reply any longer")
    void lateReplyIsKept() {
        assertThat(ask(cat).join()).isEmpty();

        reply();

        owner.awaitAssert(() -> {
            assertThat(ask(failingCat)).isCompletedWithValueMatching(Optional::isPresent);
            return true;
        });
    }

    @Test
    @DisplayName("are not coded again if the class replies with equal ones")
    void equalReply() {
        CompletableFuture<Optional<ServedClass>> first = ask(cat);
        reply();
        ServedClass known = first.join().orElseThrow();

        CompletableFuture<Optional<ServedClass>> second = ask(cat);
        reply();

        assertThat(second.join()).containsSame(known);
    }

    @Test
    @DisplayName("are dropped if the class was forgotten")
    void forgotten() {
        CompletableFuture<Optional<ServedClass>> first = ask(cat);
        reply();
        assertThat(first.join()).isPresent();

        served.retainAll(Set.of());

        assertThat(ask(failingCat)).isCompletedWithValue(Optional.empty());
    }

    @Test
    @DisplayName("are asked for again if the class has recovered, although it owes a reply, which may be lost")
    void recovered() {
        assertThat(ask(cat)).isNotDone();
        owner.expectMessageClass(ClassActor.ReadAverage.class);
        assertThat(ask(failingCat)).isCompletedWithValue(Optional.empty());

        CompletableFuture<Optional<ServedClass>> again = ask(cat);
        reply();

        assertThat(again.join()).isPresent();
    }
}
