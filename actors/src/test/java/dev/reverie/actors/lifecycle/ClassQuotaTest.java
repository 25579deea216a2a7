package dev.reverie.actors.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.reservoir.ReservoirImage;
import dev.reverie.actors.reservoir.TestShare;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Method;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The number of images that a class stores")
class ClassQuotaTest {

    private static final int MOST = 20;
    private static final int BYTES = 1200;
    private static final ImageShape SHAPE = new ImageShape(1, 16, 16);
    private static final List<Image> NOISE = Samples.images(SHAPE, MOST, 1);
    private static final List<Image> PLAIN = Collections.nCopies(MOST, NOISE.getFirst());
    private static final ClassState STATE = state();
    private static final ClassCommand.ChangeQuota ALL = new ClassCommand.ChangeQuota(MOST, BYTES);

    private static ClassLearning learning() {
        return learning(Coding.LOSSLESS.within(BYTES));
    }

    private static ClassLearning learning(Coding coding) {
        ClassSetup setup =
                new ClassSetup(0, "cat", new TestShare(7, 0), Optional.empty(), new ClassCapacity(MOST, 0, 16), coding);
        return new ClassLearning(
                setup, Samples.settings(Method.DM).withIpc(MOST).withFactor(1), new ManualClock());
    }

    private static ClassState state() {
        List<ReservoirImage> chosen = IntStream.range(0, MOST)
                .mapToObj(i -> new ReservoirImage(i, NOISE.get(i), Instant.EPOCH))
                .toList();
        return ClassState.empty(7)
                .after(new ClassEvent.CapacityChanged(new ClassCapacity(MOST, 0, 16)))
                .after(new ClassEvent.SamplesAdded(
                        0,
                        Instant.EPOCH,
                        Optional.empty(),
                        AbstractDurableClassActorTest.fingerprints(NOISE),
                        chosen,
                        List.of()))
                .after(new ClassEvent.PhaseEntered(ClassPhase.DISTILLING));
    }

    private static int count(ClassLearning learning) {
        return learning.learned().images().count();
    }

    @Test
    @DisplayName("is as many as fit into its bytes: all if they are easy to code, fewer if they are hard")
    void fitting() {
        ClassLearning easy = learning();
        ClassLearning hard = learning();

        easy.initialise(PLAIN, STATE);
        hard.initialise(NOISE, STATE);

        assertThat(count(easy)).isEqualTo(MOST);
        assertThat(count(hard)).isBetween(2, MOST / 2);
    }

    @Test
    @DisplayName(
            "stays after a restart, even if the learned images take more space, or are those of an earlier version")
    void restart() {
        LearnedImages tooLarge = learning(Coding.LOSSLESS).initialise(NOISE.subList(0, 10), STATE);
        ClassLearning after = learning();
        after.onStored(tooLarge);
        after.onRecovered(STATE);

        after.changeQuota(ALL, STATE);

        assertThat(count(after)).isEqualTo(10);
    }

    @Test
    @DisplayName("falls with its share of images, and rises with it again")
    void shareOfImages() {
        ClassLearning learning = learning();
        learning.changeQuota(ALL, STATE);
        learning.initialise(PLAIN, STATE);

        learning.changeQuota(new ClassCommand.ChangeQuota(1, BYTES), STATE);
        assertThat(count(learning)).isEqualTo(1);

        learning.changeQuota(new ClassCommand.ChangeQuota(2, BYTES), STATE);
        assertThat(count(learning)).isEqualTo(2);
    }

    @Test
    @DisplayName("falls with its share of bytes, and never rises above what fits")
    void shareOfBytes() {
        ClassLearning learning = learning();
        learning.changeQuota(ALL, STATE);
        learning.initialise(NOISE, STATE);
        int fitting = count(learning);

        learning.changeQuota(new ClassCommand.ChangeQuota(MOST, BYTES / 2), STATE);
        assertThat(count(learning)).isLessThan(fitting);

        learning.changeQuota(ALL, STATE);
        assertThat(count(learning)).isLessThan(fitting);
    }
}
