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
    private static final ClassState FEW = state(4);
    private static final ClassState STATE = state(MOST);
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

    private static ClassState state(int images) {
        List<ReservoirImage> chosen = IntStream.range(0, images)
                .mapToObj(i -> new ReservoirImage(i, NOISE.get(i), Instant.EPOCH))
                .toList();
        return ClassState.empty(7)
                .after(new ClassEvent.CapacityChanged(new ClassCapacity(MOST, 0, 16)))
                .after(new ClassEvent.SamplesAdded(
                        0,
                        Instant.EPOCH,
                        Optional.empty(),
                        AbstractDurableClassActorTest.fingerprints(NOISE.subList(0, images)),
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
        learning.grow(STATE);
        assertThat(count(learning)).isEqualTo(2);
    }

    @Test
    @DisplayName("falls with its share of bytes, and rises with it again to what fits")
    void shareOfBytes() {
        ClassLearning learning = learning();
        learning.changeQuota(ALL, STATE);
        learning.initialise(NOISE, STATE);
        int fitting = count(learning);

        learning.changeQuota(new ClassCommand.ChangeQuota(MOST, BYTES / 2), STATE);
        assertThat(count(learning)).isLessThan(fitting);

        learning.changeQuota(ALL, STATE);
        learning.grow(STATE);
        assertThat(count(learning)).isBetween(fitting - 1, fitting + 1);
    }

    @Test
    @DisplayName("rises when the class has got more real images than it began with, as long as more of them fit")
    void fewImagesAtFirst() {
        ClassLearning learning = learning();
        learning.changeQuota(new ClassCommand.ChangeQuota(MOST, 10 * BYTES), FEW);
        learning.initialise(NOISE.subList(0, 4), FEW);

        learning.grow(FEW);
        assertThat(count(learning)).isEqualTo(4);

        learning.onReservoirChanged(STATE);
        learning.grow(STATE);
        assertThat(count(learning)).isEqualTo(MOST);
        assertThat(learning.isUnsaved()).isTrue();
    }

    @Test
    @DisplayName("does not rise above what fits, however many real images arrive")
    void manyImages() {
        ClassLearning learning = learning();
        learning.changeQuota(ALL, FEW);
        learning.initialise(NOISE.subList(0, 4), FEW);

        learning.onReservoirChanged(STATE);
        learning.grow(STATE);

        ClassLearning full = learning();
        full.initialise(NOISE, STATE);
        assertThat(count(learning)).isBetween(count(full) - 1, count(full) + 1);
    }
}
