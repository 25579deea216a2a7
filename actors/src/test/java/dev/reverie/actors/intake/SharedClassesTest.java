package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reverie.actors.Samples;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An intake that shares its classes with other nodes")
class SharedClassesTest extends AbstractSharedClassesTest {

    @Test
    @DisplayName("gives each class its samples once, and adds up the verdicts of all classes")
    void addsUp() {
        TestProbe<DeliveryOutcome> outcome = deliver("cat", "dog", "cat");
        ClassCommand.AddSamples cats = judge(CAT, SampleVerdict.STORED);
        judge(DOG, SampleVerdict.DUPLICATE);

        assertThat(cats.images()).hasSize(2);
        outcome.expectMessage(new DeliveryOutcome.Accepted(2, 1));
    }

    @Test
    @DisplayName("stores the other samples of a delivery of which a class refuses some, and names these")
    void refusesInPart() {
        TestProbe<DeliveryOutcome> outcome = deliver("cat", "dog", "cat");
        judge(CAT, SampleVerdict.SEALED);
        judge(DOG, SampleVerdict.STORED);

        assertThat(outcome.receiveMessage()).isInstanceOfSatisfying(DeliveryOutcome.Accepted.class, accepted -> {
            assertThat(accepted.accepted()).isEqualTo(1);
            assertThat(accepted.refused())
                    .extracting(DeliveryOutcome.RefusedSample::index, DeliveryOutcome.RefusedSample::reason)
                    .containsExactly(tuple(0, SampleVerdict.SEALED), tuple(2, SampleVerdict.SEALED));
        });
    }

    @Test
    @DisplayName("divides samples of one class that take more bytes than a message between nodes can carry")
    void large() {
        ImageShape photo = new ImageShape(3, 1024, 1024);
        registryReports.tell(
                new ClassRegistryActor.Updated(registry(8, photo, Map.of(CAT, "cat", DOG, "dog"), Set.of())));
        Image black = Image.of(photo, new byte[photo.size()]);
        List<Sample> samples = IntStream.rangeClosed(0, 20)
                .mapToObj(i -> RunningIntake.sample("cat", "photo-" + i, black))
                .toList();

        TestProbe<DeliveryOutcome> outcome = deliver(new Delivery(IngestSource.HTTP, samples));

        assertThat(judge(CAT, SampleVerdict.STORED).images()).hasSize(20);
        assertThat(judge(CAT, SampleVerdict.STORED).images()).hasSize(1);
        outcome.expectMessage(new DeliveryOutcome.Accepted(21, 0));
    }

    @Test
    @DisplayName("defers a delivery whose samples were perhaps lost when their class moved to another node")
    void moved() {
        TestProbe<DeliveryOutcome> outcome = deliver("cat");
        received(CAT, ClassCommand.AddSamples.class);

        directory.recover(CAT, 2);

        outcome.expectMessage(UNREACHABLE);
    }

    @Test
    @DisplayName("defers a delivery whose class does not answer in time, and takes no late answer for one to the next")
    void unanswered() {
        TestProbe<DeliveryOutcome> outcome = deliver("cat");
        ClassCommand.AddSamples lost = received(CAT, ClassCommand.AddSamples.class);

        deadlinePasses();

        outcome.expectMessage(UNREACHABLE);

        TestProbe<DeliveryOutcome> again = deliver("cat");
        judge(CAT, lost, SampleVerdict.STORED);
        judge(CAT, SampleVerdict.DUPLICATE);

        again.expectMessage(new DeliveryOutcome.Accepted(0, 1));
    }

    @Test
    @DisplayName("goes on with one class while another one does not answer")
    void otherClassesGoOn() {
        TestProbe<DeliveryOutcome> waiting = deliver("cat");
        received(CAT, ClassCommand.AddSamples.class);

        TestProbe<DeliveryOutcome> outcome = deliver("dog");
        judge(DOG, SampleVerdict.STORED);

        outcome.expectMessage(new DeliveryOutcome.Accepted(1, 0));
        waiting.expectNoMessage();
    }

    @Test
    @DisplayName("defers new classes at once while the registry cannot be changed, and goes on with the others")
    void registryOutage() {
        registryReports.tell(new ClassRegistryActor.Failed(StoreFailure.UNAVAILABLE, "no answer"));

        TestProbe<DeliveryOutcome> unknown = deliver("fox");
        TestProbe<DeliveryOutcome> known = deliver("dog");
        judge(DOG, SampleVerdict.STORED);

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
        ClassRegistryActor.Report failed = new ClassRegistryActor.Failed(StoreFailure.UNREACHABLE, "no answer");
        ClassRegistryActor.Report read =
                new ClassRegistryActor.Updated(registry(8, Map.of(CAT, "cat", DOG, "dog"), Set.of()));
        TestProbe<IntakeActor.Overview> overview = testKit.createTestProbe();

        LoggingTestKit.warn("Cannot reach the node that owns the list of classes")
                .withOccurrences(2)
                .expect(testKit.system(), () -> {
                    List.of(failed, read, failed, read, read, failed).forEach(registryReports::tell);
                    intake.tell(new IntakeActor.GetOverview(overview.ref()));
                    return overview.receiveMessage();
                });
    }

    @Test
    @DisplayName("registers a new class again until the registry has it, which another node may have changed meanwhile")
    void registeredElsewhere() {
        TestProbe<DeliveryOutcome> outcome = deliver("cat", "fox");
        assertThat(directory.registry.receiveMessage().revision()).isEqualTo(7);

        registryReports.tell(new ClassRegistryActor.Updated(registry(8, Map.of(CAT, "cat", DOG, "dog"), Set.of())));

        assertThat(directory.registry.receiveMessage().revision()).isEqualTo(8);

        registryReports.tell(
                new ClassRegistryActor.Updated(registry(9, Map.of(CAT, "cat", DOG, "dog", FOX, "fox"), Set.of())));
        judge(CAT, SampleVerdict.STORED);
        judge(FOX, SampleVerdict.STORED);

        outcome.expectMessage(new DeliveryOutcome.Accepted(2, 0));
        directory.registry.expectNoMessage();
    }

    @Test
    @DisplayName("refuses more classes than its limit, also while others are being registered")
    void limitOfClasses() {
        deliver("fox");
        assertRefused(deliver("owl"), DeliveryOutcome.Reason.QUOTA);
        assertRegistered("fox");
    }

    @Test
    @DisplayName("registers no class that exceeds its limit since another node has registered one")
    void limitReachedElsewhere() {
        TestProbe<DeliveryOutcome> outcome = deliver("owl");
        assertRegistered("owl");

        registryReports.tell(
                new ClassRegistryActor.Updated(registry(8, Map.of(CAT, "cat", DOG, "dog", FOX, "fox"), Set.of())));

        assertRefused(outcome, DeliveryOutcome.Reason.QUOTA);
        directory.registry.expectNoMessage();
    }

    @Test
    @DisplayName("registers no class for images that differ from the first ones, even if these come at the same time")
    void shapeOfTheFirst() {
        registryReports.tell(new ClassRegistryActor.Updated(registry(8, Map.of(), Set.of())));
        deliver("fox");

        assertRefused(deliver(large("owl")), DeliveryOutcome.Reason.SHAPE_MISMATCH);
        assertThat(directory.registry.receiveMessage().events())
                .containsExactly(
                        new ClassRegistryEvent.Initialised(
                                Samples.settings(Method.DREAM).seed(), Samples.SHAPE),
                        new ClassRegistryEvent.ClassesRegistered(List.of("fox")));
    }

    @Test
    @DisplayName("registers no class for images that differ from the first ones of another node")
    void shapeOfAnotherNode() {
        registryReports.tell(new ClassRegistryActor.Updated(registry(8, Map.of(), Set.of())));
        TestProbe<DeliveryOutcome> outcome = deliver(large("owl"));
        directory.registry.receiveMessage();

        registryReports.tell(new ClassRegistryActor.Updated(registry(9, Map.of(FOX, "fox"), Set.of())));

        assertRefused(outcome, DeliveryOutcome.Reason.SHAPE_MISMATCH);
        directory.registry.expectNoMessage();
    }

    private static Delivery large(String label) {
        ImageShape shape = new ImageShape(1, 5, 5);
        return new Delivery(
                IngestSource.HTTP,
                List.of(RunningIntake.sample(label, "large", Image.of(shape, new byte[shape.size()]))));
    }

    private static void assertRefused(TestProbe<DeliveryOutcome> outcome, DeliveryOutcome.Reason reason) {
        assertThat(outcome.receiveMessage())
                .isInstanceOfSatisfying(DeliveryOutcome.Refused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(reason));
    }

    private void assertRegistered(String label) {
        assertThat(directory.registry.receiveMessage().events())
                .containsExactly(new ClassRegistryEvent.ClassesRegistered(List.of(label)));
    }

    @Test
    @DisplayName("does not deny a class before it knows whether a failed write has registered it")
    void forgetsAfterFailure() {
        deliver("fox");
        assertRegistered("fox");
        TestProbe<IntakeActor.Forgotten> forgotten = testKit.createTestProbe();

        intake.tell(new IntakeActor.Forget("fox", forgotten.ref()));
        registryReports.tell(new ClassRegistryActor.Failed(StoreFailure.UNAVAILABLE, "no answer"));
        intake.tell(new IntakeActor.Forget("fox", forgotten.ref()));
        forgotten.expectNoMessage();

        registryReports.tell(
                new ClassRegistryActor.Updated(registry(8, Map.of(CAT, "cat", DOG, "dog", FOX, "fox"), Set.of())));
        assertThat(directory.registry.receiveMessage().events())
                .containsExactly(new ClassRegistryEvent.ForgettingStarted(FOX));
        forgotten.expectNoMessage();

        registryReports.tell(new ClassRegistryActor.Updated(new ClassRegistryState(
                9,
                Optional.of(new ClassRegistryEvent.Initialised(7, Samples.SHAPE)),
                FOX + 1,
                new TreeMap<>(Map.of(CAT, "cat", DOG, "dog")),
                Set.of(),
                Set.of(),
                Optional.empty(),
                new TreeMap<>())));
        forgotten.receiveSeveralMessages(2);
    }

    @Test
    @DisplayName("no longer has a class that another node has forgotten")
    void forgottenElsewhere() {
        registryReports.tell(new ClassRegistryActor.Updated(registry(8, Map.of(DOG, "dog"), Set.of(CAT))));

        TestProbe<IntakeActor.Overview> overview = testKit.createTestProbe();
        intake.tell(new IntakeActor.GetOverview(overview.ref()));
        assertThat(overview.receiveMessage().infos())
                .extracting(ClassInfo::label)
                .containsExactly("dog");
    }

    @Test
    @DisplayName("says that a class is forgotten when the registry has no more rows of it")
    void forgets() {
        TestProbe<IntakeActor.Forgotten> forgotten = testKit.createTestProbe();

        intake.tell(new IntakeActor.Forget("cat", forgotten.ref()));

        assertThat(directory.registry.receiveMessage().events())
                .containsExactly(new ClassRegistryEvent.ForgettingStarted(CAT));

        registryReports.tell(new ClassRegistryActor.Updated(registry(8, Map.of(DOG, "dog"), Set.of(CAT))));

        forgotten.expectNoMessage();

        registryReports.tell(new ClassRegistryActor.Updated(registry(9, Map.of(DOG, "dog"), Set.of())));

        forgotten.expectMessage(new IntakeActor.Forgotten(true));
    }

    @Test
    @DisplayName("gives a class the last of the names that are wanted while another one is written")
    void lastName() {
        TestProbe<IntakeActor.Renamed> renamed = testKit.createTestProbe();
        intake.tell(new IntakeActor.Rename(CAT, Optional.of("kitten"), renamed.ref()));
        directory.registry.receiveMessage();
        intake.tell(new IntakeActor.Rename(CAT, Optional.empty(), renamed.ref()));
        ClassRegistryState unnamed = registry(8, Map.of(CAT, "cat", DOG, "dog"), Set.of());

        registryReports.tell(new ClassRegistryActor.Updated(new ClassRegistryState(
                8,
                unnamed.initialised(),
                FOX,
                unnamed.names(),
                unnamed.populated(),
                Set.of(),
                Optional.empty(),
                new TreeMap<>(Map.of(CAT, "kitten")))));

        assertThat(directory.registry.receiveMessage().events())
                .containsExactly(new ClassRegistryEvent.ClassRenamed(CAT, Optional.empty()));
        renamed.expectNoMessage();
        registryReports.tell(new ClassRegistryActor.Updated(unnamed));
        renamed.expectMessage(new IntakeActor.Renamed(true));
        renamed.expectMessage(new IntakeActor.Renamed(true));
    }
}
