package dev.reverie.actors.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.SampleFingerprint;
import dev.reverie.actors.store.Store;
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

@DisplayName("The owner of a class on a stream")
class DurableClassActorTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ClassCapacity LARGE = new ClassCapacity(50, 1024);
    private static final ClassCapacity SMALL = new ClassCapacity(20, 256);

    private Store store;
    private ActorTestKit testKit;
    private TestProbe<ClassReport> keeper;

    @BeforeEach
    void open(@TempDir Path folder) {
        store = Store.inFolder(folder);
        testKit = ActorTestKit.create(
                "reverie",
                store.configuration()
                        .withFallback(ConfigFactory.load("reverie"))
                        .resolve());
        keeper = testKit.createTestProbe();
    }

    @AfterEach
    void close() {
        testKit.shutdownTestKit();
        store.close();
    }

    @Test
    @DisplayName("gives up fingerprints for a smaller capacity, and holds no images, also after it was sealed")
    void smallerAfterSealing() {
        // given
        ActorRef<ClassMessage> owner = spawn();
        admit(owner, recovered(), Samples.images(LARGE.fingerprints(), 1));
        seal(owner);

        // when
        owner.tell(new ClassCommand.ChangeCapacity(SMALL));
        save(owner);
        testKit.stop(owner);
        spawn();

        // then
        ClassReport.Recovered smaller = recovered();
        assertThat(smaller.known().size()).isEqualTo(SMALL.fingerprints());
        assertThat(smaller.reservoir()).isZero();
        assertThat(smaller.phase()).isEqualTo(ClassPhase.SEALED);
    }

    private ActorRef<ClassMessage> spawn() {
        return testKit.spawn(DurableClassActor.create(
                new DurableClassActor.Founding(0, 7, LARGE),
                Samples.settings(Method.DREAM),
                store,
                InstantSource.system(),
                keeper.ref()));
    }

    private ClassReport.Recovered recovered() {
        return keeper.expectMessageClass(ClassReport.Recovered.class, PATIENCE);
    }

    private void admit(ActorRef<ClassMessage> owner, ClassReport.Recovered to, List<Image> images) {
        List<SampleFingerprint> fingerprints = images.stream()
                .map(image -> SampleFingerprint.of("cat", Optional.empty(), image))
                .toList();
        owner.tell(new ClassCommand.Admit(to.epoch(), to.seen(), FingerprintBlock.of(fingerprints), images));
        assertThat(keeper.expectMessageClass(ClassReport.Admitted.class, PATIENCE)
                        .seen())
                .isEqualTo(images.size());
    }

    /** Answered when everything before it is durable. */
    private void save(ActorRef<ClassMessage> owner) {
        TestProbe<Done> answer = testKit.createTestProbe();
        owner.tell(new ClassCommand.Save(answer.ref()));
        answer.expectMessageClass(Done.class, PATIENCE);
    }

    private void seal(ActorRef<ClassMessage> owner) {
        TestProbe<Done> answer = testKit.createTestProbe();
        owner.tell(new ClassCommand.Seal(answer.ref()));
        answer.expectMessageClass(Done.class, PATIENCE);
        keeper.expectMessageClass(ClassReport.PhaseEntered.class, PATIENCE);
    }
}
