package dev.reverie.actors.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.SampleFingerprint;
import dev.reverie.actors.lifecycle.ClassReply.Finding;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.reservoir.MaxAge;
import dev.reverie.actors.reservoir.TestShare;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.Method;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
    private static final UUID DELIVERY = new UUID(0, 1);
    private static final ClassCapacity LARGE = new ClassCapacity(50, 40, 1024);
    private static final ClassCapacity SMALL = new ClassCapacity(20, 10, 256);

    private final ManualClock clock = new ManualClock();
    private Optional<MaxAge> maxAge = Optional.empty();
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
        List<Image> images = Samples.images(LARGE.fingerprints(), 1);
        int forgotten = LARGE.fingerprints() - SMALL.fingerprints();
        addSamples(actor, recovered(), images);
        seal(actor);

        // when
        actor.tell(new ClassCommand.ChangeCapacity(SMALL));
        save(actor);
        testKit.stop(actor);
        ActorRef<ClassMessage> restarted = spawn();

        // then
        ClassReport.Recovered smaller = recovered();
        assertThat(reserve(restarted, images.subList(forgotten, images.size())))
                .isEqualTo(new ClassReply.Examined(DELIVERY, 0, Finding.RESERVED, List.of()));
        assertThat(reserve(restarted, images.subList(forgotten - 1, images.size())))
                .isEqualTo(new ClassReply.Examined(DELIVERY, 0, Finding.SEALED, List.of(0)));
        assertThat(smaller.reservoir()).isZero();
        assertThat(smaller.phase()).isEqualTo(ClassPhase.SEALED);
    }

    @Test
    @DisplayName("examines samples again before it stores them if it has restarted since it reserved their ids")
    void examinesAgain() {
        // given
        ActorRef<ClassMessage> actor = spawn();
        recovered();
        List<Image> images = Samples.images(5, 1);
        assertThat(reserve(actor, images).samples()).containsExactly(0, 1, 2, 3, 4);
        testKit.stop(actor);
        ActorRef<ClassMessage> restarted = spawn();
        ClassReport.Recovered recovered = recovered();

        // then
        assertThat(commit(restarted, recovered.epoch(), images)).isTrue();
        supervisor.expectMessageClass(ClassReport.SamplesStored.class, TIMEOUT);
        assertThat(commit(restarted, recovered.epoch(), images)).isFalse();
        assertThat(commit(restarted, recovered.epoch() - 1, Samples.images(1, 2)))
                .isFalse();
        assertThat(summary(restarted).seen()).isEqualTo(5);
    }

    @Test
    @DisplayName("is sealed only after it has stored the samples whose ids it has reserved, or after their release")
    void sealWaitsForReservations() {
        // given
        ActorRef<ClassMessage> actor = spawn();
        ClassReport.Recovered recovered = recovered();
        List<Image> images = Samples.images(5, 1);
        reserve(actor, images);
        TestProbe<Done> sealed = testKit.createTestProbe();

        // when
        actor.tell(new ClassCommand.Seal(sealed.ref()));

        // then
        assertThat(reserve(actor, new UUID(0, 2), Samples.images(1, 2)).finding())
                .isEqualTo(Finding.SEALING);
        assertThat(commit(actor, recovered.epoch(), images)).isTrue();
        sealed.expectMessageClass(Done.class, TIMEOUT);
        assertThat(summary(actor))
                .extracting(ClassSummary::phase, ClassSummary::seen)
                .containsExactly(ClassPhase.SEALED, 5L);
    }

    @Test
    @DisplayName("is sealed after the release of the ids that it has reserved, and stores their samples no more")
    void sealAfterRelease() {
        // given
        ActorRef<ClassMessage> actor = spawn();
        ClassReport.Recovered recovered = recovered();
        List<Image> images = Samples.images(5, 1);
        reserve(actor, images);
        TestProbe<Done> sealed = testKit.createTestProbe();
        actor.tell(new ClassCommand.Seal(sealed.ref()));

        // when
        actor.tell(new ClassCommand.Release(DELIVERY));

        // then
        sealed.expectMessageClass(Done.class, TIMEOUT);
        assertThat(commit(actor, recovered.epoch(), images)).isFalse();
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
    @DisplayName("never learns from its test images, and still has them after a restart")
    void testImages() {
        // given
        ActorRef<ClassMessage> actor = spawn();
        List<Image> images = Samples.images(60, 1);

        // when
        addSamples(actor, recovered(), images);

        // then
        List<Image> tests = testImages(actor);
        List<Image> learned = candidates(actor);
        assertThat(tests).hasSizeBetween(15, 45).isSubsetOf(images);
        assertThat(learned)
                .hasSize(images.size() - tests.size())
                .isSubsetOf(images)
                .doesNotContainAnyElementsOf(tests);
        assertThat(summary(actor).reservoir()).isEqualTo(learned.size());
        assertThat(summary(actor).seen()).isEqualTo(images.size());

        // when
        testKit.stop(actor);
        ActorRef<ClassMessage> restarted = spawn();
        recovered();

        // then
        assertThat(testImages(restarted)).usingRecursiveComparison().isEqualTo(tests);
    }

    @Test
    @DisplayName("limits its test images to its capacity, and has none after it was sealed")
    void fewerTestImages() {
        ActorRef<ClassMessage> actor = spawn();
        addSamples(actor, recovered(), Samples.images(100, 1));
        List<Image> before = testImages(actor);

        actor.tell(new ClassCommand.ChangeCapacity(SMALL));

        assertThat(testImages(actor)).isEqualTo(before.subList(0, SMALL.testImages()));

        seal(actor);

        assertThat(testImages(actor)).isEmpty();
    }

    @Test
    @DisplayName("keeps images of any age until newer ones arrive, and then drops those that are too old")
    void maxAge() {
        // given
        clock.advance(Duration.ofDays(1));
        maxAge = Optional.of(new MaxAge(Duration.ofHours(1), 3, 1));
        ActorRef<ClassMessage> actor = spawn();
        List<Image> old = Samples.images(30, 1);
        addSamples(actor, recovered(), old);
        clock.advance(Duration.ofHours(2));
        testKit.stop(actor);
        ActorRef<ClassMessage> restarted = spawn();
        ClassReport.Recovered recovered = recovered();
        assertThat(candidates(restarted)).hasSizeGreaterThan(3);

        // when
        addSamples(restarted, recovered, Samples.images(10, 2));

        // then
        assertThat(levels(candidates(restarted)))
                .filteredOn(levels(old)::contains)
                .hasSize(3);
        assertThat(levels(testImages(restarted)))
                .filteredOn(levels(old)::contains)
                .hasSize(1);
        assertThat(summary(restarted).seen()).isEqualTo(40);
    }

    private static List<ByteBuffer> levels(List<Image> images) {
        return images.stream().map(Image::levels).toList();
    }

    private List<Image> testImages(ActorRef<ClassMessage> actor) {
        TestProbe<ClassActor.Images> reply = testKit.createTestProbe();
        actor.tell(new ClassCommand.GetTestImages(reply.ref()));
        return reply.expectMessageClass(ClassActor.Images.class, TIMEOUT).images();
    }

    private List<Image> candidates(ActorRef<ClassMessage> actor) {
        TestProbe<ClassActor.Candidates> reply = testKit.createTestProbe();
        actor.tell(new ClassActor.FindCandidates(1000, 0, reply.ref()));
        return reply.expectMessageClass(ClassActor.Candidates.class, TIMEOUT).images();
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
                new DurableClassActor.Setup(0, "cat", new TestShare(7, 0.5), maxAge, LARGE),
                Samples.settings(Method.DREAM),
                store,
                clock,
                supervisor.ref()));
    }

    private ClassReport.Recovered recovered() {
        return supervisor.expectMessageClass(ClassReport.Recovered.class, TIMEOUT);
    }

    private void addSamples(ActorRef<ClassMessage> actor, ClassReport.Recovered to, List<Image> images) {
        assertThat(commit(actor, to.epoch(), images)).isTrue();
        assertThat(supervisor
                        .expectMessageClass(ClassReport.SamplesStored.class, TIMEOUT)
                        .seen())
                .isEqualTo(to.seen() + images.size());
    }

    /** Returns whether the class has stored the images. */
    private boolean commit(ActorRef<ClassMessage> actor, long epoch, List<Image> images) {
        TestProbe<ClassReply> reply = testKit.createTestProbe();
        actor.tell(
                new ClassCommand.Commit(DELIVERY, epoch, Optional.empty(), fingerprints(images), images, reply.ref()));
        return reply.expectMessageClass(ClassReply.Committed.class, TIMEOUT).stored();
    }

    private ClassReply.Examined reserve(ActorRef<ClassMessage> actor, List<Image> images) {
        return reserve(actor, DELIVERY, images);
    }

    private ClassReply.Examined reserve(ActorRef<ClassMessage> actor, UUID delivery, List<Image> images) {
        TestProbe<ClassReply> reply = testKit.createTestProbe();
        actor.tell(new ClassCommand.Reserve(delivery, fingerprints(images), reply.ref()));
        return reply.expectMessageClass(ClassReply.Examined.class, TIMEOUT);
    }

    private static FingerprintBlock fingerprints(List<Image> images) {
        return FingerprintBlock.of(images.stream()
                .map(image -> SampleFingerprint.of("cat", Optional.empty(), image))
                .toList());
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
