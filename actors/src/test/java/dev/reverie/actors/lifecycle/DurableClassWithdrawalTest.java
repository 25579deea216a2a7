package dev.reverie.actors.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.SampleFingerprint;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.lifecycle.ClassCommand.Withdrawal;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.Image;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The withdrawal of a sample from a durable class")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DurableClassWithdrawalTest extends AbstractDurableClassActorTest {

    private static final int SAMPLES = 30;

    private final List<Image> images = Samples.images(SAMPLES, 1);

    private ActorRef<ClassMessage> started() {
        ActorRef<ClassMessage> actor = spawn();
        ClassInfo empty = recovered();
        addSamples(actor, empty, images.subList(0, SAMPLES / 2));
        addSamples(actor, info(actor), images.subList(SAMPLES / 2, SAMPLES));
        return actor;
    }

    private ActorRef<ClassMessage> restarted(ActorRef<ClassMessage> actor) {
        testKit.stop(actor);
        ActorRef<ClassMessage> again = spawn();
        recovered();
        return again;
    }

    private Withdrawal withdraw(ActorRef<ClassMessage> actor, Image image) {
        TestProbe<ClassCommand.Withdrawn> reply = testKit.createTestProbe();
        actor.tell(new ClassCommand.Withdraw(fingerprints(List.of(image)).id(0), reply.ref()));
        return reply.expectMessageClass(ClassCommand.Withdrawn.class, TIMEOUT).result();
    }

    /** Returns the pixels of the real images from which the class learns or with which it is tested. */
    private List<ByteBuffer> realImages(ActorRef<ClassMessage> actor) {
        TestProbe<ClassActor.Images> reply = testKit.createTestProbe();
        actor.tell(new ClassActor.SampleImages(SAMPLES, 0, reply.ref()));
        actor.tell(new ClassCommand.GetTestImages(reply.ref()));
        return Stream.of(reply.receiveMessage(TIMEOUT), reply.receiveMessage(TIMEOUT))
                .flatMap(each -> each.images().stream())
                .map(Image::levels)
                .toList();
    }

    @Test
    @DisplayName("removes exactly this image, also for those who read the store later")
    void removes() {
        ActorRef<ClassMessage> actor = started();
        assertThat(realImages(actor)).hasSize(SAMPLES);

        for (int i : List.of(2, 7, 20, 29)) {
            assertThat(withdraw(actor, images.get(i))).isEqualTo(Withdrawal.DONE);
        }

        List<ByteBuffer> staying = Stream.of(
                        images.subList(0, 2), images.subList(3, 7), images.subList(8, 20), images.subList(21, 29))
                .flatMap(List::stream)
                .map(Image::levels)
                .toList();
        assertThat(realImages(actor)).containsExactlyInAnyOrderElementsOf(staying);
        assertThat(realImages(restarted(actor))).containsExactlyInAnyOrderElementsOf(staying);
    }

    @Test
    @DisplayName("counts the sample as taken in, so that it does not come back when it is sent again")
    void staysKnown() {
        ActorRef<ClassMessage> actor = started();
        withdraw(actor, images.getFirst());

        ActorRef<ClassMessage> again = restarted(actor);

        assertThat(judge(again, images)).containsOnly(SampleVerdict.DUPLICATE);
        assertThat(info(again).seen()).isEqualTo(SAMPLES);
        assertThat(realImages(again)).doesNotContain(images.getFirst().levels());
    }

    @Test
    @DisplayName("can be repeated, and is refused only for an id that the class does not recognise")
    void isIdempotent() {
        ActorRef<ClassMessage> actor = started();
        Image unknown = Samples.images(1, 2).getFirst();

        assertThat(withdraw(actor, images.getFirst())).isEqualTo(Withdrawal.DONE);
        long events = info(actor).version().events();
        assertThat(withdraw(actor, images.getFirst())).isEqualTo(Withdrawal.DONE);
        assertThat(withdraw(actor, unknown)).isEqualTo(Withdrawal.UNKNOWN);
        assertThat(info(actor).version().events()).isEqualTo(events);
    }

    @Test
    @DisplayName("is refused for the only image from which the class learns")
    void refusesLast() {
        ActorRef<ClassMessage> actor = spawn();
        addSamples(actor, recovered(), images.subList(0, 2)); // the first two are not set aside for testing

        assertThat(withdraw(actor, images.get(0))).isEqualTo(Withdrawal.DONE);
        assertThat(withdraw(actor, images.get(1))).isEqualTo(Withdrawal.REFUSED);

        assertThat(realImages(restarted(actor))).containsExactly(images.get(1).levels());
    }

    @Test
    @DisplayName("leaves the other images to a class that is to have them, as samples of that class")
    void handsOver() {
        ActorRef<ClassMessage> actor = started();
        withdraw(actor, images.get(SAMPLES - 1));
        TestProbe<ClassCommand.RealImages> reply = testKit.createTestProbe();
        actor.tell(new ClassCommand.GetRealImages("dog", 5, reply.ref()));
        ClassCommand.RealImages found = reply.receiveMessage(TIMEOUT);

        List<Image> wanted = images.subList(5, SAMPLES - 1);
        assertThat(found.images()).extracting(Image::levels).containsExactlyElementsOf(pixels(wanted));
        assertThat(found.fingerprints().toArray())
                .isEqualTo(FingerprintBlock.of(wanted.stream()
                                .map(image -> SampleFingerprint.of("dog", Optional.empty(), image))
                                .toList())
                        .toArray());
        assertThat(found.next()).isEqualTo(SAMPLES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "puppy/7"})
    @DisplayName("leaves grey images that were stored in colour to another class as the grey ones that senders have")
    void handsOverConverted(String id) {
        ActorRef<ClassMessage> actor = spawn();
        recovered();
        Optional<String> idOfSample = Optional.of(id).filter(text -> !text.isEmpty());
        Image grey = images.getFirst();
        FingerprintBlock sent = FingerprintBlock.of(List.of(SampleFingerprint.of("cat", idOfSample, grey)));
        TestProbe<ClassCommand.SamplesJudged> judged = testKit.createTestProbe();
        actor.tell(new ClassCommand.AddSamples(1, 0, sent, List.of(grey.withChannels(3)), judged.ref()));
        judged.receiveMessage(TIMEOUT);

        TestProbe<ClassCommand.RealImages> reply = testKit.createTestProbe();
        actor.tell(new ClassCommand.GetRealImages("dog", 0, reply.ref()));

        assertThat(reply.receiveMessage(TIMEOUT).fingerprints().toArray())
                .isEqualTo(FingerprintBlock.of(List.of(SampleFingerprint.of("dog", idOfSample, grey)))
                        .toArray());
    }

    @Test
    @DisplayName("does not count for a seal that depends on how many samples the class has had")
    void sealsAtNumber() {
        ActorRef<ClassMessage> actor = started();
        withdraw(actor, images.getFirst());
        TestProbe<ClassInfo> reply = testKit.createTestProbe();

        actor.tell(new ClassCommand.SealAt(SAMPLES - 1, reply.ref()));
        assertThat(reply.receiveMessage(TIMEOUT).phase()).isEqualTo(ClassPhase.COLLECTING);
        actor.tell(new ClassCommand.SealAt(SAMPLES, reply.ref()));
        assertThat(reply.receiveMessage(TIMEOUT).phase()).isEqualTo(ClassPhase.SEALED);
    }

    private static List<ByteBuffer> pixels(List<Image> some) {
        return some.stream().map(Image::levels).toList();
    }

    @Test
    @DisplayName("changes nothing in a sealed class, which has no real images")
    void sealed() {
        ActorRef<ClassMessage> actor = started();
        seal(actor);
        long events = info(actor).version().events();

        assertThat(withdraw(actor, images.getFirst())).isEqualTo(Withdrawal.DONE);
        assertThat(info(actor).version().events()).isEqualTo(events);
    }
}
