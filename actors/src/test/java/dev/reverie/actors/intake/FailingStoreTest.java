package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.join;
import static dev.reverie.actors.intake.RunningIntake.sample;
import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reverie.actors.Asks;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.registry.ClassHandle;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.store.FailingStore;
import dev.reverie.actors.store.NoRetention;
import dev.reverie.actors.store.StoreDamage;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.IngestSource;
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

@DisplayName("When its store fails, the intake")
class FailingStoreTest {

    private static final String CAT = "class|0";

    private final FailingStore store = new FailingStore();
    private final PersistenceTestKit journal = store.journal();
    private final ActorRef<IntakeActor.Command> intake = spawnIntake();

    private ActorRef<IntakeActor.Command> spawnIntake() {
        return store.testKit()
                .spawn(IntakeActor.create(new IntakePlan(
                        shape -> Samples.settings(Method.DREAM),
                        IntakeLimits.DEFAULT,
                        new NoRetention(),
                        StoreDamage.NONE,
                        InstantSource.system(),
                        RunningIntake.LEARNED_BYTES)));
    }

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    @DisplayName("defers samples that could not be stored, and accepts them when the class has recovered")
    void defersAndRecovers() {
        // given
        deliverWithRetries(samples("cat", 5, 1));
        journal.failNextPersisted(CAT);

        // when
        DeliveryOutcome failed = join(deliver(samples("cat", 5, 2)));
        DeliveryOutcome later = deliverWithRetries(samples("cat", 5, 2));

        // then
        assertThat(failed).isEqualTo(DeliveryOutcome.Deferred.of(StoreFailure.UNAVAILABLE));
        assertThat(later).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
        assertThat(seen("cat")).isEqualTo(10);
    }

    @Test
    @DisplayName("never acknowledges a duplicate whose original did not become durable")
    void duplicatesOfLostOriginals() {
        // given
        deliverWithRetries(samples("cat", 5, 1));
        journal.failNextPersisted(CAT);

        // when
        List<CompletionStage<DeliveryOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            answers.add(deliver(samples("cat", 5, 2)));
        }

        // then
        assertThat(answers).allSatisfy(answer -> assertThat(join(answer)).isInstanceOf(DeliveryOutcome.Deferred.class));
        assertThat(deliverWithRetries(samples("cat", 5, 2))).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
        assertThat(seen("cat")).isEqualTo(10);
    }

    @Test
    @DisplayName("tells that the store is full")
    void reportsFullStore() {
        // given
        deliverWithRetries(samples("cat", 5, 1));
        journal.failNextPersisted(CAT, new IOException("No space left on device"));

        // then
        assertThat(join(deliver(samples("cat", 5, 2))))
                .isInstanceOfSatisfying(DeliveryOutcome.Deferred.class, deferred -> assertThat(deferred.cause())
                        .isEqualTo(DeliveryOutcome.Cause.STORE_FULL));
    }

    @Test
    @DisplayName("names a class that could not write until it has written again, even if it has recovered before")
    void namesFailingClasses() {
        // given
        deliverWithRetries(samples("cat", 5, 1));
        journal.failNextPersisted(CAT);

        // when
        join(deliver(samples("cat", 5, 2)));
        List<String> failing = failing();
        deliverWithRetries(samples("cat", 5, 2));

        // then
        assertThat(failing).containsExactly("cat");
        assertThat(failing()).isEmpty();
    }

    private List<String> failing() {
        return join(ask(IntakeActor.GetOverview::new)).store().failing();
    }

    @Test
    @DisplayName("accepts samples of other classes while one fails")
    void othersGoOn() {
        // given
        deliverWithRetries(samples("cat", 5, 1));
        deliverWithRetries(samples("dog", 5, 1));
        journal.failNextNPersisted(CAT, 3);

        // when
        CompletionStage<DeliveryOutcome> cat = deliver(samples("cat", 5, 2));
        CompletionStage<DeliveryOutcome> dog = deliver(samples("dog", 5, 2));

        // then
        assertThat(join(cat)).isInstanceOf(DeliveryOutcome.Deferred.class);
        assertThat(join(dog)).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
    }

    @Test
    @DisplayName("replies to a request made during the failure after the class has recovered")
    void answersAfterRecovery() {
        // given
        deliverWithRetries(samples("cat", 5, 1));
        journal.failNextPersisted(CAT);

        // when
        CompletionStage<Done> initialised = Asks.ask(
                classActor("cat"),
                replyTo -> new ClassActor.Initialise(Samples.images(2, 1), replyTo),
                store.testKit().system().scheduler());

        // then
        assertThat(join(initialised)).isEqualTo(Done.getInstance());
    }

    @Test
    @DisplayName("replies to seal and drain when the class is forgotten before it could complete them")
    void forgetsWhileItRestarts() {
        // given
        deliverWithRetries(samples("cat", 5, 1));
        journal.failNextNPersisted(CAT, Integer.MAX_VALUE);

        // when
        CompletionStage<IntakeActor.Sealed> sealing = ask(replyTo -> new IntakeActor.Seal("cat", replyTo));
        CompletionStage<Done> draining = ask(IntakeActor.Drain::new);
        CompletionStage<IntakeActor.Forgotten> forgetting = ask(replyTo -> new IntakeActor.Forget("cat", replyTo));

        // then
        assertThat(join(sealing).handle()).isEmpty();
        assertThat(join(draining)).isEqualTo(Done.getInstance());
        assertThat(join(forgetting).existed()).isTrue();
    }

    @Test
    @DisplayName("does not deny a deletion before an earlier deletion of the same class is durable")
    void repeatedDeletion() {
        // given
        deliverWithRetries(samples("cat", 1, 1));
        journal.failNextPersisted("registry");

        // when
        CompletionStage<IntakeActor.Forgotten> first = ask(replyTo -> new IntakeActor.Forget("cat", replyTo));
        CompletionStage<IntakeActor.Forgotten> second = ask(replyTo -> new IntakeActor.Forget("cat", replyTo));

        // then
        assertThat(join(second).existed()).isFalse();
        assertThat(join(first).existed()).isTrue();
        assertThat(journal.persistedInStorage("registry"))
                .contains(new ClassRegistryEvent.ForgettingStarted(0), new ClassRegistryEvent.Forgotten(0));
    }

    @Test
    @DisplayName("is still loading while it could not read a class, and does not leave the class out")
    void firstRecoveryFails() {
        // given
        deliverWithRetries(samples("cat", 5, 1));
        store.testKit().stop(intake);
        journal.failNextNReads(CAT, 1);

        // when
        ActorRef<IntakeActor.Command> restarted = spawnIntake();
        IntakeActor.Overview loaded = awaitLoaded(restarted);

        // then
        assertThat(loaded.classes())
                .extracting(ClassHandle::name, ClassHandle::seen)
                .containsExactly(tuple("cat", 5L));
    }

    private IntakeActor.Overview awaitLoaded(ActorRef<IntakeActor.Command> started) {
        IntakeActor.Overview overview;
        do {
            overview = join(Asks.ask(
                    started,
                    IntakeActor.GetOverview::new,
                    store.testKit().system().scheduler()));
        } while (overview.loading());
        return overview;
    }

    @Test
    @DisplayName("registers a new class when the registry has recovered")
    void registryRecovers() {
        // given
        deliverWithRetries(samples("cat", 1, 1));
        journal.failNextPersisted("registry");

        // when
        DeliveryOutcome failed = join(deliver(samples("dog", 1, 1)));

        // then
        assertThat(failed).isInstanceOf(DeliveryOutcome.Deferred.class);
        assertThat(deliverWithRetries(samples("dog", 1, 1))).isEqualTo(new DeliveryOutcome.Accepted(1, 0));
    }

    @Test
    @DisplayName("takes the image shape from the first image it stored, not from one that it failed to store")
    void shapeOfWhatWasStored() {
        // given
        ImageShape other = new ImageShape(3, 8, 8);
        journal.failNextPersisted("registry");
        join(deliver(samples("cat", 1, 1)));

        // then
        assertThat(deliverWithRetries(List.of(sample("dog", "1", Image.of(other, new byte[other.size()])))))
                .isEqualTo(new DeliveryOutcome.Accepted(1, 0));
    }

    private CompletionStage<DeliveryOutcome> deliver(List<Sample> samples) {
        return ask(replyTo -> new IntakeActor.Deliver(new Delivery(IngestSource.HTTP, samples), replyTo));
    }

    /** Repeats a delivery until it is no longer deferred. */
    private DeliveryOutcome deliverWithRetries(List<Sample> samples) {
        DeliveryOutcome outcome = join(deliver(samples));
        while (outcome instanceof DeliveryOutcome.Deferred) {
            outcome = join(deliver(samples));
        }
        return outcome;
    }

    private ActorRef<ClassMessage> classActor(String name) {
        return join(ask(IntakeActor.GetOverview::new)).classes().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow()
                .actor();
    }

    private long seen(String name) {
        return join(ask(IntakeActor.GetOverview::new)).classes().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow()
                .seen();
    }

    private <R> CompletionStage<R> ask(Function<ActorRef<R>, IntakeActor.Command> message) {
        return Asks.ask(intake, message, store.testKit().system().scheduler());
    }
}
