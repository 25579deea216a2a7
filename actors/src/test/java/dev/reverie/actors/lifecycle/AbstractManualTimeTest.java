package dev.reverie.actors.lifecycle;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.reservoir.TestShare;
import dev.reverie.actors.store.NoRetention;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.Method;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AutoClose;

/** A durable class with images, in an actor system whose time the test sets and whose journal it reads. */
abstract class AbstractManualTimeTest {

    static final String ID = "class|0";
    static final Duration TIMEOUT = Duration.ofSeconds(60);

    @AutoClose("shutdownTestKit")
    final ActorTestKit testKit = ActorTestKit.create(ManualTime.config()
            .withFallback(PersistenceTestKitPlugin.config())
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.load("reverie"))
            .resolve());

    final ManualTime time = ManualTime.get(testKit.system());
    final PersistenceTestKit journal = PersistenceTestKit.create(testKit.system());
    final NoRetention retention = new NoRetention();
    final ActorRef<ClassMessage> actor;
    final TestProbe<ClassReport> supervisor = testKit.createTestProbe();

    AbstractManualTimeTest() {
        actor = testKit.spawn(DurableClassActor.create(
                new ClassSetup(
                        0,
                        "cat",
                        new TestShare(7, 0),
                        Optional.empty(),
                        new ClassCapacity(20, 0, 256),
                        Coding.LOSSLESS),
                Samples.settings(Method.DREAM),
                retention,
                InstantSource.system(),
                supervisor.ref()));
    }

    /** Waits for the recovery of the class, and stores samples. */
    final void addSamples() {
        supervisor.expectMessageClass(ClassInfo.class, TIMEOUT);
        TestProbe<ClassCommand.SamplesJudged> reply = testKit.createTestProbe();
        List<Image> images = Samples.images(5, 1);
        actor.tell(new ClassCommand.AddSamples(
                1, 0, AbstractDurableClassActorTest.fingerprints(images), images, reply.ref()));
        reply.expectMessageClass(ClassCommand.SamplesJudged.class, TIMEOUT);
    }

    /** Returns when the actor has processed all earlier messages. */
    final void awaitReply() {
        TestProbe<ClassInfo> info = testKit.createTestProbe();
        actor.tell(new ClassCommand.GetInfo(info.ref()));
        info.receiveMessage(TIMEOUT);
    }
}
