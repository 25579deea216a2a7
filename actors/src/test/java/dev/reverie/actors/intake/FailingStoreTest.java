package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.join;
import static dev.reverie.actors.intake.RunningIntake.sample;
import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.deduplication.DeliveredFilesActor;
import dev.reverie.actors.deduplication.FileKeys;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("When its store fails, the intake")
class FailingStoreTest {

    private static final String CAT = "class|0";
    private static final int DELIVERIES = 4;

    @AutoClose
    private final IntakeOnFailingStore intake = new IntakeOnFailingStore();

    private final PersistenceTestKit journal = intake.journal();

    @Test
    @DisplayName("defers samples that could not be stored, and accepts them when the class has recovered")
    void defersAndRecovers() {
        intake.deliverWithRetries(samples("cat", 5, 1));
        journal.failNextPersisted(CAT);

        DeliveryOutcome failed = join(intake.deliver(samples("cat", 5, 2)));
        DeliveryOutcome later = intake.deliverWithRetries(samples("cat", 5, 2));

        assertThat(failed).isEqualTo(DeliveryOutcome.Deferred.of(StoreFailure.UNAVAILABLE));
        assertThat(later).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
        assertThat(seen("cat")).isEqualTo(10);
    }

    @Test
    @DisplayName("does not take a class for damaged that never got samples, because the service was killed")
    void neverGotSamples() {
        journal.failNextPersisted(CAT);
        join(intake.deliver(samples("cat", 5, 1)));
        intake.stop();

        intake.start();

        assertThat(intake.deliverWithRetries(samples("cat", 5, 1))).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
        assertThat(failing()).isEmpty();
    }

    @Test
    @DisplayName("never acknowledges a duplicate whose original did not become durable")
    void duplicatesOfLostOriginals() {
        intake.deliverWithRetries(samples("cat", 5, 1));
        journal.failNextNPersisted(CAT, DELIVERIES);

        List<CompletionStage<DeliveryOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < DELIVERIES; i++) {
            answers.add(intake.deliver(samples("cat", 5, 2)));
        }

        assertThat(answers).allSatisfy(answer -> assertThat(join(answer)).isInstanceOf(DeliveryOutcome.Deferred.class));
        intake.deliverWithRetries(samples("cat", 5, 2));
        assertThat(seen("cat")).isEqualTo(10);
    }

    @Test
    @DisplayName("tells that the store is full when a write has found it full")
    void reportsFullStore() {
        intake.deliverWithRetries(samples("cat", 5, 1));
        journal.failNextPersisted(CAT, new IOException("No space left on device"));

        assertThat(join(intake.deliver(samples("cat", 5, 2))))
                .isEqualTo(DeliveryOutcome.Deferred.of(StoreFailure.FULL));
    }

    @Test
    @DisplayName("names a class that could not write after it has recovered, until it has written again")
    void namesFailingClasses() {
        intake.deliverWithRetries(samples("cat", 5, 1));
        journal.failNextPersisted(CAT);

        join(intake.deliver(samples("cat", 5, 2)));
        awaitRecovery("cat");
        List<String> failing = failing();
        intake.deliverWithRetries(samples("cat", 5, 2));

        assertThat(failing).containsExactly("cat");
        assertThat(failing()).isEmpty();
    }

    /** A class answers only after its recovery. */
    private void awaitRecovery(String name) {
        join(intake.ask(known(name).actor(), ClassCommand.GetInfo::new));
    }

    private List<String> failing() {
        return intake.overview().store().failing();
    }

    @Test
    @DisplayName("accepts samples of other classes while one fails")
    void othersGoOn() {
        intake.deliverWithRetries(samples("cat", 5, 1));
        intake.deliverWithRetries(samples("dog", 5, 1));
        journal.failNextNPersisted(CAT, 3);

        CompletionStage<DeliveryOutcome> cat = intake.deliver(samples("cat", 5, 2));
        CompletionStage<DeliveryOutcome> dog = intake.deliver(samples("dog", 5, 2));

        assertThat(join(cat)).isInstanceOf(DeliveryOutcome.Deferred.class);
        assertThat(join(dog)).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
    }

    @Test
    @DisplayName("replies to a request made during the failure after the class has recovered")
    void answersAfterRecovery() {
        intake.deliverWithRetries(samples("cat", 5, 1));
        journal.failNextPersisted(CAT);

        CompletionStage<Done> initialised =
                intake.ask(known("cat").actor(), replyTo -> new ClassActor.Initialise(Samples.images(2, 1), replyTo));

        assertThat(join(initialised)).isEqualTo(Done.getInstance());
    }

    @Test
    @DisplayName("is still loading while it could not read a class, and does not leave the class out")
    void firstRecoveryFails() {
        intake.deliverWithRetries(samples("cat", 5, 1));
        intake.stop();
        journal.failNextNReads(CAT, 1);

        intake.start();
        IntakeActor.Overview loaded = awaitLoaded();

        assertThat(loaded.infos()).extracting(ClassInfo::label, ClassInfo::seen).containsExactly(tuple("cat", 5L));
    }

    private IntakeActor.Overview awaitLoaded() {
        return intake.repeat(() -> intake.ask(IntakeActor.GetOverview::new), overview -> !overview.loading());
    }

    @Test
    @DisplayName("warns ever less often while the record of delivered files cannot be read")
    void recordIsUnreadable() {
        String id = DeliveredFilesActor.PERSISTENCE_ID.id();
        intake.stop();
        journal.persistForRecovery(id, List.of(new DeliveredFilesActor.FilesAdded(FileKeys.of(new long[] {17}))));
        journal.failNextNReads(id, 3);

        LoggingTestKit.warn("Cannot read or write the record of delivered files in the store")
                .withOccurrences(2)
                .expect(intake.system(), () -> {
                    intake.start();
                    return join(intake.ask(IntakeActor.GetDeliveredFiles::new));
                });
    }

    @Test
    @DisplayName("registers a new class when the registry has recovered")
    void registryRecovers() {
        intake.deliverWithRetries(samples("cat", 1, 1));
        journal.failNextPersisted("registry");

        DeliveryOutcome failed = join(intake.deliver(samples("dog", 1, 1)));

        assertThat(failed).isInstanceOf(DeliveryOutcome.Deferred.class);
        assertThat(intake.deliverWithRetries(samples("dog", 1, 1))).isEqualTo(new DeliveryOutcome.Accepted(1, 0));
    }

    @Test
    @DisplayName("takes the image shape from the first image it stored, not from one that it failed to store")
    void shapeOfWhatWasStored() {
        ImageShape other = new ImageShape(3, 8, 8);
        journal.failNextPersisted("registry");
        join(intake.deliver(samples("cat", 1, 1)));

        assertThat(intake.deliverWithRetries(List.of(sample("dog", "1", Image.of(other, new byte[other.size()])))))
                .isEqualTo(new DeliveryOutcome.Accepted(1, 0));
    }

    private long seen(String name) {
        return known(name).info().seen();
    }

    private OpenClass known(String name) {
        return intake.overview().classes().stream()
                .filter(each -> each.info().label().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
