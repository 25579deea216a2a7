package dev.reverie.actors.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.reservoir.MaxAge;
import dev.reverie.actors.store.NoRetention;
import dev.reverie.gpu.dataset.Image;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The actor of a durable class")
class DurableClassActorTest extends AbstractDurableClassActorTest {

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
    @DisplayName("stores the new samples among those that it gets, and recognises them after a restart")
    void storesNewSamples() {
        ActorRef<ClassMessage> actor = spawn();
        recovered();
        List<Image> images = Samples.images(5, 1);
        assertThat(judge(actor, images.subList(0, 3))).containsOnly(SampleVerdict.STORED);

        testKit.stop(actor);
        ActorRef<ClassMessage> restarted = spawn();

        assertThat(judge(restarted, images))
                .containsExactly(
                        SampleVerdict.DUPLICATE,
                        SampleVerdict.DUPLICATE,
                        SampleVerdict.DUPLICATE,
                        SampleVerdict.STORED,
                        SampleVerdict.STORED);
        assertThat(info(restarted).seen()).isEqualTo(5);
    }

    @Test
    @DisplayName("never learns from its test images, and still has them after a restart")
    void testImages() {
        ActorRef<ClassMessage> actor = spawn();
        List<Image> images = Samples.images(60, 1);

        addSamples(actor, recovered(), images);

        List<Image> tests = testImages(actor);
        List<Image> learned = candidates(actor);
        assertThat(tests).hasSizeBetween(15, 45).isSubsetOf(images);
        assertThat(learned)
                .hasSize(images.size() - tests.size())
                .isSubsetOf(images)
                .doesNotContainAnyElementsOf(tests);
        assertThat(info(actor).reservoir()).isEqualTo(learned.size());
        assertThat(info(actor).seen()).isEqualTo(images.size());

        testKit.stop(actor);
        ActorRef<ClassMessage> restarted = spawn();
        recovered();

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
    @DisplayName("logs an exception that is no failure of the store, and goes on")
    void logsDefects() {
        ActorRef<ClassMessage> actor = spawn(new Defective());
        recovered();

        LoggingTestKit.error("saw failure")
                .withCause(IllegalStateException.class)
                .expect(testKit.system(), () -> {
                    actor.tell(new ClassCommand.RecordLoss(1));
                    return true;
                });

        addSamples(actor, recovered(), Samples.images(5, 1));
    }

    /** Throws an exception when it is first asked whether it is read-only. */
    private static final class Defective extends NoRetention {

        private final AtomicBoolean asked = new AtomicBoolean();

        @Override
        public boolean isReadOnly() {
            if (!asked.getAndSet(true)) {
                throw new IllegalStateException("on purpose");
            }
            return false;
        }
    }

    @Test
    @DisplayName("keeps images of any age until newer ones arrive, and then drops those that are too old")
    void maxAge() {
        clock.advance(Duration.ofDays(1));
        maxAge = Optional.of(new MaxAge(Duration.ofHours(1), 3, 1));
        ActorRef<ClassMessage> actor = spawn();
        List<Image> old = Samples.images(30, 1);
        addSamples(actor, recovered(), old);
        clock.advance(Duration.ofHours(2));
        testKit.stop(actor);
        ActorRef<ClassMessage> restarted = spawn();
        ClassInfo recovered = recovered();
        assertThat(candidates(restarted)).hasSizeGreaterThan(3);

        addSamples(restarted, recovered, Samples.images(10, 2));

        assertThat(levels(candidates(restarted)))
                .filteredOn(levels(old)::contains)
                .hasSize(3);
        assertThat(levels(testImages(restarted)))
                .filteredOn(levels(old)::contains)
                .hasSize(1);
        assertThat(info(restarted).seen()).isEqualTo(40);
    }
}
