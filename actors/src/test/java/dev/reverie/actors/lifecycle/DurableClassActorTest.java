package dev.reverie.actors.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.SampleFingerprint;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The actor of a durable class")
class DurableClassActorTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ClassCapacity LARGE = new ClassCapacity(50, 1024);
    private static final ClassCapacity SMALL = new ClassCapacity(20, 256);

    private Store store;
    private ActorTestKit testKit;
    private TestProbe<ClassReport> supervisor;

    @BeforeEach
    void open(@TempDir Path folder) {
        store = Store.inFolder(folder);
        testKit = ActorTestKit.create(
                "reverie",
                store.configuration()
                        .withFallback(ConfigFactory.load("reverie"))
                        .resolve());
        supervisor = testKit.createTestProbe();
    }

    @AfterEach
    void close() {
        testKit.shutdownTestKit();
        store.close();
    }

    @Test
    @DisplayName("reduces its fingerprints to a smaller capacity after it was sealed, and has no images")
    void smallerAfterSealing() {
        // given
        ActorRef<ClassMessage> actor = spawn();
        addSamples(actor, recovered(), Samples.images(LARGE.fingerprints(), 1));
        seal(actor);

        // when
        actor.tell(new ClassCommand.ChangeCapacity(SMALL));
        save(actor);
        testKit.stop(actor);
        spawn();

        // then
        ClassReport.Recovered smaller = recovered();
        assertThat(smaller.fingerprints().size()).isEqualTo(SMALL.fingerprints());
        assertThat(smaller.reservoir()).isZero();
        assertThat(smaller.phase()).isEqualTo(ClassPhase.SEALED);
    }

    @Test
    @DisplayName("keeps its matching loss after it was sealed, even if the loss of a pending visit arrives later")
    void keepsLossAfterSealing() {
        // given
        ActorRef<ClassMessage> actor = spawn();
        addSamples(actor, recovered(), Samples.images(20, 1));
        actor.tell(new ClassCommand.RecordLoss(3.0));
        seal(actor);

        // when
        actor.tell(new ClassCommand.RecordLoss(0.2));

        // then
        assertThat(summary(actor).matchingLoss()).hasValue(3.0);

        // when
        testKit.stop(actor);
        ActorRef<ClassMessage> restarted = spawn();
        recovered();
        restarted.tell(new ClassCommand.RecordLoss(0.1));

        // then
        assertThat(summary(restarted).matchingLoss()).hasValue(3.0);
    }

    @Test
    @DisplayName("remembers after a restart that it is to be sealed when it converges, until it is sealed")
    void remembersRequestedSeal() {
        // given
        ActorRef<ClassMessage> actor = spawn();
        addSamples(actor, recovered(), Samples.images(20, 1));

        // when
        requestSeal(actor, true);
        testKit.stop(actor);
        actor = spawn();

        // then
        assertThat(recovered().sealRequested()).isTrue();

        // when
        seal(actor);
        testKit.stop(actor);
        spawn();

        // then
        assertThat(recovered().sealRequested()).isFalse();
    }

    @Test
    @DisplayName("forgets for good that it is to be sealed if that is cancelled")
    void cancelsRequestedSeal() {
        // given
        ActorRef<ClassMessage> actor = spawn();
        addSamples(actor, recovered(), Samples.images(20, 1));
        requestSeal(actor, true);

        // when
        requestSeal(actor, false);
        testKit.stop(actor);
        spawn();

        // then
        assertThat(recovered().sealRequested()).isFalse();
    }

    private void requestSeal(ActorRef<ClassMessage> actor, boolean requested) {
        TestProbe<Done> reply = testKit.createTestProbe();
        actor.tell(new ClassCommand.RequestSeal(requested, reply.ref()));
        reply.expectMessageClass(Done.class, TIMEOUT);
        assertThat(supervisor
                        .expectMessageClass(ClassReport.SealRequested.class, TIMEOUT)
                        .requested())
                .isEqualTo(requested);
    }

    private ClassSummary summary(ActorRef<ClassMessage> actor) {
        TestProbe<ClassSummary> reply = testKit.createTestProbe();
        actor.tell(new ClassCommand.GetSummary(reply.ref()));
        return reply.expectMessageClass(ClassSummary.class, TIMEOUT);
    }

    private ActorRef<ClassMessage> spawn() {
        return testKit.spawn(DurableClassActor.create(
                new DurableClassActor.Setup(0, "cat", 7, LARGE),
                Samples.settings(Method.DREAM),
                store,
                InstantSource.system(),
                supervisor.ref()));
    }

    private ClassReport.Recovered recovered() {
        return supervisor.expectMessageClass(ClassReport.Recovered.class, TIMEOUT);
    }

    private void addSamples(ActorRef<ClassMessage> actor, ClassReport.Recovered to, List<Image> images) {
        List<SampleFingerprint> fingerprints = images.stream()
                .map(image -> SampleFingerprint.of("cat", Optional.empty(), image))
                .toList();
        actor.tell(new ClassCommand.AddSamples(
                to.epoch(), to.seen(), Optional.empty(), FingerprintBlock.of(fingerprints), images));
        assertThat(supervisor
                        .expectMessageClass(ClassReport.SamplesStored.class, TIMEOUT)
                        .seen())
                .isEqualTo(images.size());
    }

    /** Returns when all earlier commands are durable. */
    private void save(ActorRef<ClassMessage> actor) {
        TestProbe<Done> reply = testKit.createTestProbe();
        actor.tell(new ClassCommand.Save(reply.ref()));
        reply.expectMessageClass(Done.class, TIMEOUT);
    }

    private void seal(ActorRef<ClassMessage> actor) {
        TestProbe<Done> reply = testKit.createTestProbe();
        actor.tell(new ClassCommand.Seal(reply.ref()));
        reply.expectMessageClass(Done.class, TIMEOUT);
        supervisor.expectMessageClass(ClassReport.PhaseEntered.class, TIMEOUT);
    }
}
