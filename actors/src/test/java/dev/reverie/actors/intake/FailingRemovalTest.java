package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.join;
import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.persistence.testkit.ProcessingSuccess;
import org.apache.pekko.persistence.testkit.StorageFailure;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("When the store fails while a class is sealed or forgotten, the intake")
class FailingRemovalTest {

    private static final String CAT = "class|1";
    private static final String REGISTRY = "registry";

    @AutoClose
    private final IntakeOnFailingStore intake = new IntakeOnFailingStore();

    @BeforeEach
    void start() {
        intake.deliverWithRetries(samples("dog", 1, 1));
    }

    @Test
    @DisplayName("shows a seal when it is durable, and until then takes no new samples of the class")
    void showsDurableSeals() {
        intake.deliverWithRetries(samples("cat", 5, 1));
        fail(CAT);

        CompletionStage<IntakeActor.Sealed> sealing = intake.seal("cat");
        DeliveryOutcome whileSealing = join(intake.deliver(samples("cat", 2, 2)));

        assertThat(whileSealing)
                .asInstanceOf(type(DeliveryOutcome.Deferred.class))
                .extracting(DeliveryOutcome.Deferred::cause)
                .isEqualTo(DeliveryOutcome.Cause.NOT_READY);
        assertThat(intake.overview().infos()).extracting(ClassInfo::phase).doesNotContain(ClassPhase.SEALED);

        intake.journal().resetPolicy();

        assertThat(join(sealing).info()).map(ClassInfo::phase).contains(ClassPhase.SEALED);
        assertThat(join(intake.deliver(samples("cat", 2, 3))))
                .isInstanceOfSatisfying(DeliveryOutcome.Accepted.class, answer -> assertThat(answer.refused())
                        .hasSize(2));
    }

    @Test
    @DisplayName("has the class as before until its deletion is durable")
    void hasClassUntilDeletionIsDurable() {
        intake.deliverWithRetries(samples("cat", 5, 1));
        fail(REGISTRY);

        CompletionStage<IntakeActor.Forgotten> forgetting = intake.forget("cat");
        DeliveryOutcome outcome = join(intake.deliver(samples("cat", 2, 2)));
        IntakeActor.Sealed sealed = join(intake.seal("cat"));
        IntakeActor.Overview overview = intake.overview();

        assertThat(outcome).isEqualTo(new DeliveryOutcome.Accepted(2, 0));
        assertThat(sealed.info()).map(ClassInfo::phase).contains(ClassPhase.SEALED);
        assertThat(overview.infos())
                .extracting(ClassInfo::label, ClassInfo::seen)
                .containsExactly(tuple("dog", 1L), tuple("cat", 7L));

        intake.journal().resetPolicy();

        assertThat(join(forgetting).existed()).isTrue();
        assertThat(intake.overview().infos()).extracting(ClassInfo::label).containsExactly("dog");
        assertThat(join(intake.seal("cat")).info()).isEmpty();
    }

    @Test
    @DisplayName("logs the reason why it could not delete the rows of a forgotten class")
    void logsFailedDeletion() {
        intake.deliverWithRetries(samples("cat", 1, 1));
        intake.failDeletions(new IllegalStateException("permission denied"));

        LoggingTestKit.warn("Could not delete a forgotten class from the store: permission denied. The service")
                .expect(intake.system(), () -> intake.forget("cat"));
    }

    @Test
    @DisplayName("does not deny a deletion before an earlier deletion of the same class is durable")
    void repeatedDeletion() {
        intake.deliverWithRetries(samples("cat", 1, 1));
        intake.journal().failNextPersisted(REGISTRY);

        CompletionStage<IntakeActor.Forgotten> first = intake.forget("cat");
        CompletionStage<IntakeActor.Forgotten> second = intake.forget("cat");

        assertThat(join(second).existed()).isFalse();
        assertThat(intake.journal().persistedInStorage(REGISTRY)).contains(new ClassRegistryEvent.Forgotten(1));
        assertThat(join(first).existed()).isTrue();
        assertThat(intake.journal().persistedInStorage(REGISTRY))
                .contains(new ClassRegistryEvent.ForgettingStarted(1), new ClassRegistryEvent.Forgotten(1));
    }

    @Test
    @DisplayName("does not deny a class of which it cannot say whether it has samples")
    void doesNotDenyUnknownClass() {
        fail(CAT);

        DeliveryOutcome outcome = join(intake.deliver(samples("cat", 1, 1)));

        assertThat(outcome).isInstanceOf(DeliveryOutcome.Deferred.class);
        assertThat(join(intake.seal("cat")).info())
                .hasValueSatisfying(unread -> assertThat(unread.phase()).isNotEqualTo(ClassPhase.SEALED));
        assertThat(intake.overview().store().failing()).containsExactly("cat");
    }

    @Test
    @DisplayName("replies to seal and drain when the class is forgotten before it could complete them")
    void forgetsWhileItRestarts() {
        intake.deliverWithRetries(samples("cat", 5, 1));
        fail(CAT);

        CompletionStage<IntakeActor.Sealed> sealing = intake.seal("cat");
        CompletionStage<IntakeActor.Drained> draining = intake.ask(IntakeActor.Drain::new);
        CompletionStage<IntakeActor.Forgotten> forgetting = intake.forget("cat");

        assertThat(join(sealing).info()).isEmpty();
        assertThat(join(draining).unsaved()).isEmpty();
        assertThat(join(forgetting).existed()).isTrue();
    }

    /** Makes every read and write of a persistent actor fail. */
    private void fail(String persistenceId) {
        intake.journal()
                .withPolicy((id, operation) -> id.equals(persistenceId)
                        ? StorageFailure.create(new IllegalStateException("the store is away"))
                        : ProcessingSuccess.getInstance());
    }
}
