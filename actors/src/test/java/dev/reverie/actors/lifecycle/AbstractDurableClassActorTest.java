package dev.reverie.actors.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.SampleFingerprint;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.reservoir.MaxAge;
import dev.reverie.actors.reservoir.TestShare;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A class on a store of its own, with a probe in place of its supervisor. */
abstract class AbstractDurableClassActorTest {

    static final Duration TIMEOUT = Duration.ofSeconds(30);
    static final ClassCapacity LARGE = new ClassCapacity(50, 40, 1024);
    static final ClassCapacity SMALL = new ClassCapacity(20, 10, 256);

    final ManualClock clock = new ManualClock();
    Optional<MaxAge> maxAge = Optional.empty();
    Store store;
    ActorTestKit testKit;
    TestProbe<ClassReport> supervisor;
    private long epoch;

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

    ClassInfo info(ActorRef<ClassMessage> actor) {
        TestProbe<ClassInfo> reply = testKit.createTestProbe();
        actor.tell(new ClassCommand.GetInfo(reply.ref()));
        return reply.expectMessageClass(ClassInfo.class, TIMEOUT);
    }

    ActorRef<ClassMessage> spawn() {
        return spawn(store);
    }

    ActorRef<ClassMessage> spawn(Retention retention) {
        return testKit.spawn(DurableClassActor.create(
                new ClassSetup(0, "cat", new TestShare(7, 0.5), maxAge, LARGE, Coding.LOSSLESS),
                Samples.settings(Method.DREAM),
                retention,
                clock,
                supervisor.ref()));
    }

    /** Waits until the class has recovered again. */
    ClassInfo recovered() {
        return published(info -> info.version().epoch() != epoch);
    }

    /** Waits until the class has published what a test wants. */
    ClassInfo published(Predicate<ClassInfo> wanted) {
        ClassInfo found = (ClassInfo) supervisor
                .fishForMessage(
                        TIMEOUT,
                        report -> report instanceof ClassInfo info && wanted.test(info)
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore())
                .getLast();
        epoch = found.version().epoch();
        return found;
    }

    void addSamples(ActorRef<ClassMessage> actor, ClassInfo to, List<Image> images) {
        assertThat(judge(actor, images)).containsOnly(SampleVerdict.STORED);
        published(info -> info.seen() == to.seen() + images.size());
    }

    /** Sends images to a class, and returns its verdicts. */
    List<SampleVerdict> judge(ActorRef<ClassMessage> actor, List<Image> images) {
        TestProbe<ClassCommand.SamplesJudged> reply = testKit.createTestProbe();
        actor.tell(new ClassCommand.AddSamples(1, 0, fingerprints(images), images, reply.ref()));
        return reply.expectMessageClass(ClassCommand.SamplesJudged.class, TIMEOUT)
                .verdicts();
    }

    static FingerprintBlock fingerprints(List<Image> images) {
        return FingerprintBlock.of(images.stream()
                .map(image -> SampleFingerprint.of("cat", Optional.empty(), image))
                .toList());
    }

    /** Returns when all earlier commands are durable. */
    void save(ActorRef<ClassMessage> actor) {
        TestProbe<Done> reply = testKit.createTestProbe();
        actor.tell(new ClassCommand.Save(reply.ref()));
        reply.expectMessageClass(Done.class, TIMEOUT);
    }

    void seal(ActorRef<ClassMessage> actor) {
        TestProbe<ClassInfo> reply = testKit.createTestProbe();
        actor.tell(new ClassCommand.Seal(reply.ref()));
        ClassInfo answer = reply.expectMessageClass(ClassInfo.class, TIMEOUT);
        assertThat(answer.phase()).isEqualTo(ClassPhase.SEALED);
        published(answer::equals);
    }
}
