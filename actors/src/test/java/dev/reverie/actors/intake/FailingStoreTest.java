package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.join;
import static dev.reverie.actors.intake.RunningIntake.sample;
import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Asks;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.store.FailingStore;
import dev.reverie.actors.store.ForgetfulRetention;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Method;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The intake, on a store that fails")
class FailingStoreTest {

    private static final String CAT = "class|0";

    private final FailingStore store = new FailingStore();
    private final PersistenceTestKit journal = store.journal();
    private final ActorRef<IntakeActor.Command> intake = store.testKit()
            .spawn(IntakeActor.create(new IntakePlan(
                    shape -> Samples.settings(Method.DREAM),
                    IntakeLimits.DEFAULT,
                    new ForgetfulRetention(),
                    InstantSource.system(),
                    RunningIntake.LEARNED_BYTES)));

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    @DisplayName("defers what could not be written, and takes it when the class has recovered")
    void defersAndRecovers() {
        // given
        admitAtLast(samples("cat", 5, 1));
        journal.failNextPersisted(CAT);

        // when
        DeliveryOutcome failed = join(deliver(samples("cat", 5, 2)));
        DeliveryOutcome later = admitAtLast(samples("cat", 5, 2));

        // then
        assertThat(failed).isEqualTo(DeferredReplies.of(StoreFailure.UNAVAILABLE));
        assertThat(later).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
        assertThat(seen("cat")).isEqualTo(10);
    }

    @Test
    @DisplayName("never acknowledges a repetition whose original did not become durable")
    void repetitionsOfLostOriginals() {
        // given
        admitAtLast(samples("cat", 5, 1));
        journal.failNextPersisted(CAT);

        // when
        List<CompletionStage<DeliveryOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            answers.add(deliver(samples("cat", 5, 2)));
        }

        // then
        assertThat(answers).allSatisfy(answer -> assertThat(join(answer)).isInstanceOf(DeliveryOutcome.Deferred.class));
        assertThat(admitAtLast(samples("cat", 5, 2))).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
        assertThat(seen("cat")).isEqualTo(10);
    }

    @Test
    @DisplayName("says so when the store is full")
    void saysFull() {
        // given
        admitAtLast(samples("cat", 5, 1));
        journal.failNextPersisted(CAT, new IOException("No space left on device"));

        // then
        assertThat(join(deliver(samples("cat", 5, 2))))
                .isInstanceOfSatisfying(DeliveryOutcome.Deferred.class, deferred -> assertThat(deferred.cause())
                        .isEqualTo(DeliveryOutcome.Cause.STORE_FULL));
    }

    @Test
    @DisplayName("names a class that could not write, also when it has recovered, until it writes again")
    void namesWhatFails() {
        // given
        admitAtLast(samples("cat", 5, 1));
        journal.failNextPersisted(CAT);

        // when
        join(deliver(samples("cat", 5, 2)));
        List<String> failing = failing();
        admitAtLast(samples("cat", 5, 2));

        // then
        assertThat(failing).containsExactly("cat");
        assertThat(failing()).isEmpty();
    }

    private List<String> failing() {
        return join(ask(IntakeActor.Look::new)).store().unreadable();
    }

    @Test
    @DisplayName("goes on with the other classes while one fails")
    void othersGoOn() {
        // given
        admitAtLast(samples("cat", 5, 1));
        admitAtLast(samples("dog", 5, 1));
        journal.failNextNPersisted(CAT, 3);

        // when
        CompletionStage<DeliveryOutcome> cat = deliver(samples("cat", 5, 2));
        CompletionStage<DeliveryOutcome> dog = deliver(samples("dog", 5, 2));

        // then
        assertThat(join(cat)).isInstanceOf(DeliveryOutcome.Deferred.class);
        assertThat(join(dog)).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
    }

    @Test
    @DisplayName("answers what a class was asked for during the failure, after it has recovered")
    void answersAfterRecovery() {
        // given
        admitAtLast(samples("cat", 5, 1));
        journal.failNextPersisted(CAT);

        // when
        CompletionStage<Done> initialised = Asks.ask(
                owner("cat"),
                replyTo -> new ClassActor.Initialise(Samples.images(2, 1), replyTo),
                store.testKit().system().scheduler());

        // then
        assertThat(join(initialised)).isEqualTo(Done.getInstance());
    }

    @Test
    @DisplayName("answers who seals a class, or stops, when the class is forgotten before it could do so")
    void forgetsWhileItRestarts() {
        // given
        admitAtLast(samples("cat", 5, 1));
        journal.failNextNPersisted(CAT, Integer.MAX_VALUE);

        // when
        CompletionStage<IntakeActor.Sealed> sealing = ask(replyTo -> new IntakeActor.Seal("cat", replyTo));
        CompletionStage<Done> draining = ask(IntakeActor.Drain::new);
        CompletionStage<IntakeActor.Forgotten> forgetting = ask(replyTo -> new IntakeActor.Forget("cat", replyTo));

        // then
        assertThat(join(sealing).owner()).isEmpty();
        assertThat(join(draining)).isEqualTo(Done.getInstance());
        assertThat(join(forgetting).existed()).isTrue();
    }

    @Test
    @DisplayName("registers a new label when the registry has recovered")
    void registryRecovers() {
        // given
        admitAtLast(samples("cat", 1, 1));
        journal.failNextPersisted("registry");

        // when
        DeliveryOutcome failed = join(deliver(samples("dog", 1, 1)));

        // then
        assertThat(failed).isInstanceOf(DeliveryOutcome.Deferred.class);
        assertThat(admitAtLast(samples("dog", 1, 1))).isEqualTo(new DeliveryOutcome.Accepted(1, 0));
    }

    @Test
    @DisplayName("takes the shape of all images from the first that it stored, not from one that it failed to store")
    void shapeOfWhatWasStored() {
        // given
        ImageShape other = new ImageShape(3, 8, 8);
        journal.failNextPersisted("registry");
        join(deliver(samples("cat", 1, 1)));

        // then
        assertThat(admitAtLast(List.of(sample("dog", "1", Image.of(other, new byte[other.size()])))))
                .isEqualTo(new DeliveryOutcome.Accepted(1, 0));
    }

    private CompletionStage<DeliveryOutcome> deliver(List<Sample> samples) {
        return ask(replyTo -> new IntakeActor.Admit(new Delivery(IngestSource.HTTP, samples), replyTo));
    }

    /** Repeats a delivery until it is no longer deferred. */
    private DeliveryOutcome admitAtLast(List<Sample> samples) {
        DeliveryOutcome admission = join(deliver(samples));
        while (admission instanceof DeliveryOutcome.Deferred) {
            admission = join(deliver(samples));
        }
        return admission;
    }

    private ActorRef<ClassMessage> owner(String name) {
        return join(ask(IntakeActor.Look::new)).classes().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow()
                .owner();
    }

    private long seen(String name) {
        return join(ask(IntakeActor.Look::new)).classes().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow()
                .seen();
    }

    private <R> CompletionStage<R> ask(Function<ActorRef<R>, IntakeActor.Command> message) {
        return Asks.ask(intake, message, store.testKit().system().scheduler());
    }
}
