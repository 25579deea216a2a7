package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.intake.KnownClass;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.lifecycle.ClassInfos;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A query of a class")
class ClassQueryTest {

    /** Requests never expire, however long a busy machine pauses. */
    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));

    private final TestProbe<ClassMessage> owner = kit.createTestProbe();
    private final KnownClass cat =
            new KnownClass(ClassInfos.of(0, "cat", ClassPhase.DISTILLING, 70), false, owner.ref());
    private final KnownClass failingCat = new KnownClass(cat.info(), true, owner.ref());
    private final ClassQuery<ClassInfo, Long> query = new ClassQuery<>(
            ClassCommand.GetInfo::new, (_, info) -> info.seen(), Duration.ofSeconds(1), kit.scheduler());

    @AfterEach
    void shutDown() {
        kit.shutdownTestKit();
    }

    private CompletableFuture<Optional<Long>> ask(KnownClass known) {
        return query.ask(known).toCompletableFuture();
    }

    private void reply() {
        owner.expectMessageClass(ClassCommand.GetInfo.class).replyTo().tell(cat.info());
    }

    @Test
    @DisplayName("does not wait again for a class that has not replied in time, and does not ask it again")
    void stillSilent() {
        assertThat(ask(cat).join()).isEmpty();
        owner.expectMessageClass(ClassCommand.GetInfo.class);

        assertThat(ask(cat)).isCompletedWithValue(Optional.empty());
        owner.expectNoMessage();
    }

    @Test
    @DisplayName("keeps the last reply, even if nobody waited for the reply any longer")
    void lateReplyIsKept() {
        assertThat(ask(cat).join()).isEmpty();

        reply();

        owner.awaitAssert(() -> {
            assertThat(ask(failingCat)).isCompletedWithValue(Optional.of(70L));
            return true;
        });
    }

    @Test
    @DisplayName("drops the replies of a class that was forgotten")
    void forgotten() {
        CompletableFuture<Optional<Long>> first = ask(cat);
        reply();
        assertThat(first.join()).contains(70L);

        query.retainAll(Set.of());

        assertThat(ask(failingCat)).isCompletedWithValue(Optional.empty());
    }

    @Test
    @DisplayName("asks a class again that has recovered, although it owes a reply, which may be lost")
    void recovered() {
        assertThat(ask(cat)).isNotDone();
        owner.expectMessageClass(ClassCommand.GetInfo.class);
        assertThat(ask(failingCat)).isCompletedWithValue(Optional.empty());

        CompletableFuture<Optional<Long>> again = ask(cat);
        reply();

        assertThat(again.join()).contains(70L);
    }
}
