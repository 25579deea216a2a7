package dev.reverie.actors.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.Samples;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.reservoir.ReservoirImage;
import dev.reverie.actors.reservoir.TestShare;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The images of a class that collects samples")
class ClassLearningTest {

    private static final int IPC = 2;
    private static final ClassInfo.Version VERSION = new ClassInfo.Version(1, 2, 3);

    private final ManualClock clock = new ManualClock();
    private final ClassLearning learning = new ClassLearning(
            new ClassSetup(
                    0, "cat", new TestShare(7, 0), Optional.empty(), new ClassCapacity(10, 0, 16), Coding.LOSSLESS),
            Samples.settings(Method.DREAM).withIpc(IPC).withFactor(2),
            clock);

    @Test
    @DisplayName("are counted without composing them")
    void counted() {
        ClassState tooSmall = state(new ImageShape(1, 1, 1));

        ClassInfo info = learning.info(tooSmall, VERSION);

        assertThat(info.images()).isEqualTo(IPC);
        assertThatThrownBy(() -> learning.latest(tooSmall))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("factor");
    }

    @Test
    @DisplayName(
            "are composed when they are used, as many as were counted, and count as changed since the real images have")
    void composed() {
        ClassState state = state(Samples.SHAPE);
        clock.advance(Duration.ofMinutes(1));
        learning.onReservoirChanged(state);
        ClassInfo info = learning.info(state, VERSION);
        clock.advance(Duration.ofMinutes(1));

        LearnedImages images = learning.latest(state).orElseThrow();

        assertThat(images.images().count()).isEqualTo(info.images());
        assertThat(images.updated()).isEqualTo(info.updated()).isEqualTo(Instant.EPOCH.plusSeconds(60));
        assertThat(learning.info(state, VERSION)).isEqualTo(info);
    }

    private static ClassState state(ImageShape shape) {
        List<Image> images = Samples.images(shape, 3, 1);
        List<ReservoirImage> chosen = IntStream.range(0, images.size())
                .mapToObj(i -> new ReservoirImage(i, images.get(i), Instant.EPOCH))
                .toList();
        return ClassState.empty(7)
                .after(new ClassEvent.CapacityChanged(new ClassCapacity(10, 0, 16)))
                .after(new ClassEvent.SamplesAdded(
                        0,
                        Instant.EPOCH,
                        Optional.empty(),
                        AbstractDurableClassActorTest.fingerprints(images),
                        chosen,
                        List.of()));
    }
}
