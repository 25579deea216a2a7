package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassReply;
import dev.reverie.actors.registry.ClassHandle;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An intake that shares its classes with other nodes")
class SharedClassesTest extends AbstractSharedClassesTest {

    @Test
    @DisplayName("has the classes store their parts of a delivery without a transaction, which cannot span nodes")
    void noTransaction() {
        // when
        TestProbe<DeliveryOutcome> outcome = deliver("cat", "dog");
        reserve(CAT);
        reserve(DOG);

        // then
        assertThat(commit(CAT).transaction()).isEmpty();
        assertThat(commit(DOG).transaction()).isEmpty();
        outcome.expectMessage(new DeliveryOutcome.Accepted(2, 0));
    }

    @Test
    @DisplayName("refuses a delivery with more bytes of one class than a message can carry, before it asks a class")
    void tooLarge() {
        // given
        ImageShape photo = new ImageShape(3, 1024, 1024);
        registryReports.tell(
                new ClassRegistryActor.Updated(registry(8, photo, Map.of(CAT, "cat", DOG, "dog"), Set.of())));
        Image black = Image.of(photo, new byte[photo.size()]);
        List<Sample> samples = IntStream.rangeClosed(0, 20)
                .mapToObj(i -> RunningIntake.sample("cat", "photo-" + i, black))
                .toList();

        // when
        DeliveryOutcome outcome =
                deliver(new Delivery(IngestSource.HTTP, samples)).receiveMessage();

        // then
        assertThat(outcome).isInstanceOfSatisfying(DeliveryOutcome.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(DeliveryOutcome.Reason.TOO_LARGE);
            assertThat(refused.detail()).contains("or at most 20 images of a class per delivery");
        });
        directory.classes.get(CAT).expectNoMessage();
    }

    @Test
    @DisplayName("asks a class again that does not answer, since messages to a class that moves can be lost")
    void askedAgain() {
        // given
        TestProbe<DeliveryOutcome> outcome = deliver("cat");
        UUID delivery = received(CAT, ClassCommand.Reserve.class).delivery();

        // when
        time.timePasses(Duration.ofSeconds(1));
        time.timePasses(Duration.ofSeconds(1));

        // then
        assertThat(received(CAT, ClassCommand.Reserve.class).delivery()).isEqualTo(delivery);
        reserve(CAT);
        commit(CAT);
        outcome.expectMessage(new DeliveryOutcome.Accepted(1, 0));
    }

    @Test
    @DisplayName("asks a class again as soon as it has recovered on another node")
    void askedAgainAfterAMove() {
        // given
        TestProbe<DeliveryOutcome> outcome = deliver("cat");
        received(CAT, ClassCommand.Reserve.class);

        // when
        directory.recover(CAT, 2);

        // then
        reserve(CAT);
        assertThat(commit(CAT).epoch()).isEqualTo(2);
        outcome.expectMessage(new DeliveryOutcome.Accepted(1, 0));
    }

    @Test
    @DisplayName("defers a delivery whose part was perhaps lost when its class moved to another node")
    void movedWhileStoring() {
        // given
        TestProbe<DeliveryOutcome> outcome = deliver("cat");
        reserve(CAT);
        received(CAT, ClassCommand.Commit.class);

        // when
        directory.recover(CAT, 2);

        // then
        outcome.expectMessage(UNREACHABLE);
    }

    @Test
    @DisplayName("defers a delivery whose class does not answer within 10 s, and ends its reservation")
    void unansweredReserve() {
        // given
        TestProbe<DeliveryOutcome> outcome = deliver("cat");
        UUID delivery = received(CAT, ClassCommand.Reserve.class).delivery();

        // when
        tenSecondsPass();

        // then
        outcome.expectMessage(UNREACHABLE);
        assertThat(afterRepetitions(CAT)).isEqualTo(new ClassCommand.Release(delivery));
    }

    @Test
    @DisplayName("defers a delivery if the reply about a stored part is lost, and accepts the next one")
    void lostReply() {
        // given
        TestProbe<DeliveryOutcome> outcome = deliver("cat");
        reserve(CAT);
        received(CAT, ClassCommand.Commit.class);

        // when
        tenSecondsPass();

        // then
        outcome.expectMessage(UNREACHABLE);
        received(CAT, ClassCommand.Release.class);

        // when
        TestProbe<DeliveryOutcome> again = deliver("cat");
        ClassCommand.Reserve reserve = received(CAT, ClassCommand.Reserve.class);
        reserve.replyTo()
                .tell(new ClassReply.Examined(reserve.delivery(), CAT, ClassReply.Finding.RESERVED, List.of()));

        // then
        again.expectMessage(new DeliveryOutcome.Accepted(0, 1));
    }

    @Test
    @DisplayName("goes on with one class while another one does not answer")
    void otherClassesGoOn() {
        // given
        TestProbe<DeliveryOutcome> waiting = deliver("cat");
        received(CAT, ClassCommand.Reserve.class);

        // when
        TestProbe<DeliveryOutcome> outcome = deliver("dog");
        reserve(DOG);
        commit(DOG);

        // then
        outcome.expectMessage(new DeliveryOutcome.Accepted(1, 0));
        waiting.expectNoMessage();
    }

    @Test
    @DisplayName("defers new classes at once while the registry cannot be changed, and goes on with the others")
    void registryOutage() {
        // given
        registryReports.tell(new ClassRegistryActor.Failed(StoreFailure.UNAVAILABLE, "no answer"));

        // when
        TestProbe<DeliveryOutcome> unknown = deliver("fox");
        TestProbe<DeliveryOutcome> known = deliver("dog");
        reserve(DOG);
        commit(DOG);

        // then
        assertThat(unknown.receiveMessage()).isInstanceOf(DeliveryOutcome.Deferred.class);
        known.expectMessage(new DeliveryOutcome.Accepted(1, 0));
    }

    @Test
    @DisplayName("names the other nodes and the network in its warning if the owner of the registry does not answer")
    void registryOwnerDoesNotAnswer() {
        LoggingTestKit.warn("Cannot reach the node that owns the list of classes. The service tries again; if this"
                        + " recurs, check the other nodes and the network.")
                .expect(testKit.system(), () -> {
                    registryReports.tell(new ClassRegistryActor.Failed(StoreFailure.UNREACHABLE, "no answer"));
                    return true;
                });
    }

    @Test
    @DisplayName("warns of the registry ever less often while it can be read but not changed")
    void warnsLessOften() {
        // given
        ClassRegistryActor.Report failed = new ClassRegistryActor.Failed(StoreFailure.UNREACHABLE, "no answer");
        ClassRegistryActor.Report read =
                new ClassRegistryActor.Updated(registry(8, Map.of(CAT, "cat", DOG, "dog"), Set.of()));
        TestProbe<IntakeActor.Overview> overview = testKit.createTestProbe();

        // then
        LoggingTestKit.warn("Cannot reach the node that owns the list of classes")
                .withOccurrences(2)
                .expect(testKit.system(), () -> {
                    List.of(failed, read, failed, read, read, failed).forEach(registryReports::tell);
                    intake.tell(new IntakeActor.GetOverview(overview.ref()));
                    return overview.receiveMessage();
                });
    }

    @Test
    @DisplayName("does not register a class again that another node registers while a delivery with it is examined")
    void registeredElsewhere() {
        // given
        TestProbe<DeliveryOutcome> outcome = deliver("cat", "fox");
        ClassCommand.Reserve reserve = received(CAT, ClassCommand.Reserve.class);

        // when
        registryReports.tell(
                new ClassRegistryActor.Updated(registry(8, Map.of(CAT, "cat", DOG, "dog", FOX, "fox"), Set.of())));
        reserve.replyTo()
                .tell(new ClassReply.Examined(reserve.delivery(), CAT, ClassReply.Finding.RESERVED, List.of(0)));

        // then
        directory.registry.expectNoMessage();

        // when
        directory.recover(FOX);
        reserve(FOX);
        commit(CAT);
        commit(FOX);

        // then
        outcome.expectMessage(new DeliveryOutcome.Accepted(2, 0));
    }

    @Test
    @DisplayName("no longer has a class that another node has forgotten")
    void forgottenElsewhere() {
        // when
        registryReports.tell(new ClassRegistryActor.Updated(registry(8, Map.of(DOG, "dog"), Set.of(CAT))));

        // then
        TestProbe<IntakeActor.Overview> overview = testKit.createTestProbe();
        intake.tell(new IntakeActor.GetOverview(overview.ref()));
        assertThat(overview.receiveMessage().classes())
                .extracting(ClassHandle::name)
                .containsExactly("dog");
    }

    @Test
    @DisplayName("says that a class is forgotten when the registry has no more rows of it")
    void forgets() {
        // given
        TestProbe<IntakeActor.Forgotten> forgotten = testKit.createTestProbe();

        // when
        intake.tell(new IntakeActor.Forget("cat", forgotten.ref()));

        // then
        assertThat(directory.registry.receiveMessage().events())
                .containsExactly(new ClassRegistryEvent.ForgettingStarted(CAT));

        // when
        registryReports.tell(new ClassRegistryActor.Updated(registry(8, Map.of(DOG, "dog"), Set.of(CAT))));

        // then
        forgotten.expectNoMessage();

        // when
        registryReports.tell(new ClassRegistryActor.Updated(registry(9, Map.of(DOG, "dog"), Set.of())));

        // then
        forgotten.expectMessage(new IntakeActor.Forgotten(true));
    }
}
