package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassSummary;
import dev.reverie.actors.registry.ClassHandle;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.streams.service.ClassStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The status of the classes")
class ClassStatusQueryTest {

    private static final ClassSummary SUMMARY =
            new ClassSummary(0, "cat", ClassPhase.DISTILLING, 70, 50, 60, 10, 7, OptionalDouble.of(1.5), Instant.EPOCH);

    /** Requests never expire, however long a busy machine pauses. */
    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));

    private final TestProbe<ClassMessage> owner = kit.createTestProbe();
    private final ClassHandle cat =
            new ClassHandle(0, "cat", ClassPhase.DISTILLING, 70, false, false, false, owner.ref());
    private final ClassHandle failingCat =
            new ClassHandle(0, "cat", ClassPhase.DISTILLING, 70, false, false, true, owner.ref());
    private final ClassStatusQuery statuses = new ClassStatusQuery(kit.scheduler());

    @AfterEach
    void shutDown() {
        kit.shutdownTestKit();
    }

    @Test
    @DisplayName("is the last known status for a class that does not reply in time")
    void slow() {
        CompletionStage<List<ClassStatus>> replied = statuses.of(List.of(cat));
        owner.expectMessageClass(ClassCommand.GetSummary.class).replyTo().tell(SUMMARY);
        ClassStatus known = replied.toCompletableFuture().join().getFirst();

        List<ClassStatus> withoutReply =
                statuses.of(List.of(cat)).toCompletableFuture().join();

        assertThat(known.innerLoops()).isEqualTo(7);
        assertThat(withoutReply).containsExactly(known);
    }

    @Test
    @DisplayName("is requested from a class only once, however often clients ask, until the class has replied")
    void requestedOnce() {
        List<CompletionStage<List<ClassStatus>>> statusesThen =
                Stream.generate(() -> statuses.of(List.of(cat))).limit(100).toList();

        owner.expectMessageClass(ClassCommand.GetSummary.class).replyTo().tell(SUMMARY);

        assertThat(statusesThen)
                .allSatisfy(status -> assertThat(status.toCompletableFuture().join())
                        .extracting(ClassStatus::innerLoops)
                        .containsExactly(7L));
        owner.expectNoMessage();
        assertThat(statuses.of(List.of(cat)).toCompletableFuture()).isNotDone();
        owner.expectMessageClass(ClassCommand.GetSummary.class);
    }

    @Test
    @DisplayName("does not wait again for a class that has not replied in time, and does not ask it again")
    void stillSilent() {
        assertThat(statuses.of(List.of(cat)).toCompletableFuture().join()).hasSize(1);
        owner.expectMessageClass(ClassCommand.GetSummary.class);

        CompletableFuture<List<ClassStatus>> again = statuses.of(List.of(cat)).toCompletableFuture();

        assertThat(again).isCompleted();
        owner.expectNoMessage();
    }

    @Test
    @DisplayName("is that of the last reply, even if nobody waited for the reply any longer")
    void lateReplyIsKept() {
        assertThat(statuses.of(List.of(cat)).toCompletableFuture().join())
                .extracting(ClassStatus::innerLoops)
                .containsExactly(0L);

        owner.expectMessageClass(ClassCommand.GetSummary.class).replyTo().tell(SUMMARY);

        owner.awaitAssert(() -> {
            assertThat(statuses.of(List.of(failingCat)).toCompletableFuture().join())
                    .extracting(ClassStatus::innerLoops)
                    .containsExactly(7L);
            return true;
        });
    }

    @Test
    @DisplayName("is requested anew from a class that was forgotten meanwhile, without its earlier replies")
    void forgotten() {
        CompletionStage<List<ClassStatus>> replied = statuses.of(List.of(cat));
        owner.expectMessageClass(ClassCommand.GetSummary.class).replyTo().tell(SUMMARY);
        assertThat(replied.toCompletableFuture().join()).hasSize(1);
        assertThat(statuses.of(List.of(cat)).toCompletableFuture()).isNotDone();
        owner.expectMessageClass(ClassCommand.GetSummary.class);

        assertThat(statuses.of(List.of()).toCompletableFuture().join()).isEmpty();

        assertThat(statuses.of(List.of(cat)).toCompletableFuture()).isNotDone();
        owner.expectMessageClass(ClassCommand.GetSummary.class);
        assertThat(statuses.of(List.of(failingCat)).toCompletableFuture().join())
                .extracting(ClassStatus::innerLoops)
                .containsExactly(0L);
    }

    @Test
    @DisplayName("is the last known status, at once, for a class that cannot use the store")
    void failing() {
        CompletionStage<List<ClassStatus>> replied = statuses.of(List.of(cat));
        owner.expectMessageClass(ClassCommand.GetSummary.class).replyTo().tell(SUMMARY);
        ClassStatus known = replied.toCompletableFuture().join().getFirst();

        CompletableFuture<List<ClassStatus>> status =
                statuses.of(List.of(failingCat)).toCompletableFuture();

        assertThat(status).isCompletedWithValue(List.of(known));
        owner.expectNoMessage();
    }

    @Test
    @DisplayName("is requested again from a class that has recovered, although it owes a reply, which may be lost")
    void recovered() {
        assertThat(statuses.of(List.of(cat)).toCompletableFuture()).isNotDone();
        owner.expectMessageClass(ClassCommand.GetSummary.class);
        assertThat(statuses.of(List.of(failingCat)).toCompletableFuture()).isCompleted();

        CompletionStage<List<ClassStatus>> status = statuses.of(List.of(cat));
        owner.expectMessageClass(ClassCommand.GetSummary.class).replyTo().tell(SUMMARY);

        assertThat(status.toCompletableFuture().join())
                .extracting(ClassStatus::innerLoops)
                .containsExactly(7L);
    }

    @Test
    @DisplayName("has the samples that were acknowledged and the seal, even if the class was asked before")
    void askedBefore() {
        CompletionStage<List<ClassStatus>> earlier = statuses.of(List.of(cat));
        ClassHandle later = new ClassHandle(0, "cat", ClassPhase.SEALED, 75, false, false, false, owner.ref());

        CompletionStage<List<ClassStatus>> status = statuses.of(List.of(later));
        owner.expectMessageClass(ClassCommand.GetSummary.class).replyTo().tell(SUMMARY);

        assertThat(status.toCompletableFuture().join()).singleElement().satisfies(shown -> {
            assertThat(shown.seen()).isEqualTo(75);
            assertThat(shown.phase()).isEqualTo(ClassPhase.SEALED);
            assertThat(shown.innerLoops()).isEqualTo(7);
        });
        assertThat(earlier.toCompletableFuture().join()).hasSize(1);
    }

    @Test
    @DisplayName("never goes back to an older number of samples when a reply arrives late")
    void lateReply() {
        CompletionStage<List<ClassStatus>> earlier = statuses.of(List.of(cat));
        assertThat(statuses.of(List.of(failingCat)).toCompletableFuture()).isCompleted();
        CompletionStage<List<ClassStatus>> later = statuses.of(List.of(cat));
        ClassCommand.GetSummary first = owner.expectMessageClass(ClassCommand.GetSummary.class);
        ClassCommand.GetSummary second = owner.expectMessageClass(ClassCommand.GetSummary.class);

        second.replyTo().tell(summary(80));
        assertThat(later.toCompletableFuture().join())
                .extracting(ClassStatus::seen)
                .containsExactly(80L);
        first.replyTo().tell(summary(75));

        assertThat(earlier.toCompletableFuture().join())
                .extracting(ClassStatus::seen)
                .containsExactly(80L);
        assertThat(statuses.of(List.of(cat)).toCompletableFuture().join())
                .extracting(ClassStatus::seen)
                .containsExactly(80L);
    }

    @Test
    @DisplayName("has the samples that were acknowledged and the seal, even if the class does not reply in time")
    void acknowledged() {
        CompletionStage<List<ClassStatus>> replied = statuses.of(List.of(cat));
        owner.expectMessageClass(ClassCommand.GetSummary.class).replyTo().tell(SUMMARY);
        replied.toCompletableFuture().join();

        ClassHandle later = new ClassHandle(0, "cat", ClassPhase.SEALED, 75, false, false, false, owner.ref());
        List<ClassStatus> withoutReply =
                statuses.of(List.of(later)).toCompletableFuture().join();

        assertThat(withoutReply).singleElement().satisfies(status -> {
            assertThat(status.seen()).isEqualTo(75);
            assertThat(status.phase()).isEqualTo(ClassPhase.SEALED);
            assertThat(status.innerLoops()).isEqualTo(7);
        });
    }

    @Test
    @DisplayName(
            "does not show a seal that the intake has not recorded, because the seal fails if the class is forgotten now")
    void sealNotNoted() {
        CompletionStage<List<ClassStatus>> replied = statuses.of(List.of(cat));
        owner.expectMessageClass(ClassCommand.GetSummary.class)
                .replyTo()
                .tell(new ClassSummary(
                        0, "cat", ClassPhase.SEALED, 70, 0, 60, 10, 7, OptionalDouble.of(1.5), Instant.EPOCH));

        assertThat(replied.toCompletableFuture().join())
                .extracting(ClassStatus::phase)
                .containsExactly(ClassPhase.DISTILLING);
    }

    private static ClassSummary summary(long seen) {
        return new ClassSummary(
                0, "cat", ClassPhase.DISTILLING, seen, 50, 60, 10, 7, OptionalDouble.of(1.5), Instant.EPOCH);
    }

    @Test
    @DisplayName("is requested only from the given class, and from none if none is given")
    void one() {
        CompletionStage<Optional<ClassStatus>> replied = statuses.of(Optional.of(cat));
        owner.expectMessageClass(ClassCommand.GetSummary.class).replyTo().tell(SUMMARY);

        assertThat(replied.toCompletableFuture().join())
                .hasValueSatisfying(status -> assertThat(status.label()).isEqualTo("cat"));
        assertThat(statuses.of(Optional.empty()).toCompletableFuture().join()).isEmpty();
    }

    @Test
    @DisplayName("says at once that a class is damaged, without asking the class")
    void damaged() {
        ClassHandle bird = new ClassHandle(2, "bird", ClassPhase.COLLECTING, 0, false, true, true, owner.ref());

        CompletableFuture<List<ClassStatus>> status = statuses.of(List.of(bird)).toCompletableFuture();

        assertThat(status).isCompleted();
        assertThat(status.join()).singleElement().satisfies(each -> {
            assertThat(each.label()).isEqualTo("bird");
            assertThat(each.damaged()).isTrue();
        });
        owner.expectNoMessage();
    }

    @Test
    @DisplayName("is minimal for a class that never replied, and absent for a forgotten class")
    void unknown() {
        assertThat(statuses.of(List.of(cat)).toCompletableFuture().join())
                .singleElement()
                .satisfies(status -> assertThat(status.seen()).isEqualTo(70))
                .satisfies(status -> assertThat(status.images()).isZero());
        assertThat(statuses.of(List.of()).toCompletableFuture().join()).isEmpty();
    }
}
