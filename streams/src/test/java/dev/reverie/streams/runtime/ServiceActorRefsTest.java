package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.lifecycle.ClassInfos;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The overview of the classes on one node of a cluster")
class ServiceActorRefsTest {

    private static final ClassInfo CAT = ClassInfos.of(0, "cat", ClassPhase.COLLECTING, 3);
    private static final ClassInfo DOG = ClassInfos.of(1, "dog", ClassPhase.COLLECTING, 4);

    @AutoClose("shutdownTestKit")
    private final ActorTestKit kit = ActorTestKit.create();

    private final TestProbe<IntakeActor.Command> intake = kit.createTestProbe();
    private final TestProbe<ServiceCommand> coordinator = kit.createTestProbe();
    private final TestProbe<ClassMessage> here = kit.createTestProbe();
    private final TestProbe<ClassMessage> elsewhere = kit.createTestProbe();
    private final ServiceActorRefs actors =
            new ServiceActorRefs(intake.ref(), coordinator.ref(), index -> index == CAT.index(), kit.scheduler());

    @Test
    @DisplayName("has what a class that lives elsewhere says of itself now, which no later overview falls behind")
    void asksClassesElsewhere() {
        CompletableFuture<IntakeActor.Overview> overview = ask(false);

        ClassInfo newer = ClassInfos.of(1, "dog", ClassPhase.COLLECTING, 9);
        elsewhere.expectMessageClass(ClassCommand.GetInfo.class).replyTo().tell(newer);

        assertThat(overview.join().infos()).containsExactly(CAT, newer);
        assertThat(overview.join().store().samples()).isEqualTo(12);
        assertThat(intake.expectMessageClass(IntakeActor.NoteClass.class).info())
                .isEqualTo(newer);
        here.expectNoMessage();
    }

    @Test
    @DisplayName("has the last that is known of such a class, if it does not answer in time")
    void doesNotWaitForSilentClasses() {
        CompletableFuture<IntakeActor.Overview> overview = ask(false);

        elsewhere.expectMessageClass(ClassCommand.GetInfo.class);

        assertThat(overview.join().infos()).containsExactly(CAT, DOG);
    }

    @Test
    @DisplayName("does not ask a class that cannot use its store")
    void doesNotAskFailingClasses() {
        assertThat(ask(true).join().infos()).containsExactly(CAT, DOG);
        elsewhere.expectNoMessage();
    }

    private CompletableFuture<IntakeActor.Overview> ask(boolean failing) {
        CompletableFuture<IntakeActor.Overview> overview =
                actors.currentOverview().toCompletableFuture();
        intake.expectMessageClass(IntakeActor.GetOverview.class)
                .replyTo()
                .tell(new IntakeActor.Overview(
                        false,
                        List.of(new OpenClass(CAT, false, here.ref()), new OpenClass(DOG, failing, elsewhere.ref())),
                        new ClassNotification.StoreLoaded(2, 7, 7, List.of()),
                        Optional.empty(),
                        0,
                        Optional.empty(),
                        new TreeMap<>()));
        return overview;
    }
}
