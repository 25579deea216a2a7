package dev.reverie.actors.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.store.NoRetention;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.dataset.Image;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The seal of a durable class")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DurableClassSealTest extends AbstractDurableClassActorTest {

    private void requestSeal(ActorRef<ClassMessage> actor, boolean requested) {
        TestProbe<ClassInfo> reply = testKit.createTestProbe();
        actor.tell(new ClassCommand.RequestSeal(requested, reply.ref()));
        ClassInfo answer = reply.expectMessageClass(ClassInfo.class, TIMEOUT);
        assertThat(answer.sealRequested()).isEqualTo(requested);
        published(answer::equals);
    }

    @Test
    @DisplayName("reduces its fingerprints to a smaller capacity after it was sealed, and has no images")
    void smallerAfterSealing() {
        ActorRef<ClassMessage> actor = spawn();
        List<Image> images = Samples.images(LARGE.fingerprints(), 1);
        int forgotten = LARGE.fingerprints() - SMALL.fingerprints();
        addSamples(actor, recovered(), images);
        seal(actor);

        actor.tell(new ClassCommand.ChangeCapacity(SMALL));
        save(actor);
        testKit.stop(actor);
        ActorRef<ClassMessage> restarted = spawn();

        ClassInfo smaller = recovered();
        assertThat(judge(restarted, images.subList(forgotten, images.size()))).containsOnly(SampleVerdict.DUPLICATE);
        assertThat(judge(restarted, images.subList(forgotten - 1, forgotten))).containsExactly(SampleVerdict.SEALED);
        assertThat(smaller.reservoir()).isZero();
        assertThat(smaller.phase()).isEqualTo(ClassPhase.SEALED);
    }

    @Test
    @DisplayName("deletes its real images from the store after a restart, if it was killed before they were deleted")
    void deletesImagesAfterKill() throws InterruptedException {
        NoRetention retention = new NoRetention();
        ActorRef<ClassMessage> actor = spawn(retention);
        addSamples(actor, recovered(), Samples.images(5, 1));
        seal(actor);
        long snapshot = retention.nextTrim();

        testKit.stop(actor);
        spawn(retention);

        assertThat(recovered().phase()).isEqualTo(ClassPhase.SEALED);
        assertThat(retention.nextTrim()).isEqualTo(snapshot);
    }

    @Test
    @DisplayName("keeps its matching loss after it was sealed, even if the loss of a pending visit arrives later")
    void keepsLossAfterSealing() {
        ActorRef<ClassMessage> actor = spawn();
        addSamples(actor, recovered(), Samples.images(20, 1));
        actor.tell(new ClassCommand.RecordLoss(3.0));
        seal(actor);

        actor.tell(new ClassCommand.RecordLoss(0.2));

        assertThat(info(actor).matchingLoss()).hasValue(3.0);

        testKit.stop(actor);
        ActorRef<ClassMessage> restarted = spawn();
        recovered();
        restarted.tell(new ClassCommand.RecordLoss(0.1));

        assertThat(info(restarted).matchingLoss()).hasValue(3.0);
    }

    @Test
    @DisplayName("remembers after a restart that it is to be sealed when it converges, until it is sealed")
    void remembersRequestedSeal() {
        ActorRef<ClassMessage> actor = spawn();
        addSamples(actor, recovered(), Samples.images(20, 1));

        requestSeal(actor, true);
        testKit.stop(actor);
        actor = spawn();

        assertThat(recovered().sealRequested()).isTrue();

        seal(actor);
        testKit.stop(actor);
        spawn();

        assertThat(recovered().sealRequested()).isFalse();
    }

    @Test
    @DisplayName("forgets for good that it is to be sealed if that is cancelled")
    void cancelsRequestedSeal() {
        ActorRef<ClassMessage> actor = spawn();
        addSamples(actor, recovered(), Samples.images(20, 1));
        requestSeal(actor, true);

        requestSeal(actor, false);
        testKit.stop(actor);
        spawn();

        assertThat(recovered().sealRequested()).isFalse();
    }
}
