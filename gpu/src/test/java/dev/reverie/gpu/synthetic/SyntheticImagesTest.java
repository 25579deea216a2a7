package dev.reverie.gpu.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntheticImagesTest {

    private static final ImageShape SHAPE = new ImageShape(1, 3, 2);
    private static final int IPC = 2;
    private static final int SIZE = IPC * 6;
    private static final double LEARNING_RATE = 0.02;

    private static float[] noise(RandomGenerator random) {
        float[] values = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }

    @Test
    @DisplayName("returns the same average until the average changes")
    void sameAverage() {
        SyntheticImages images = SyntheticImages.of(ImageBatch.of(SHAPE, noise(new SplittableRandom(1))));
        ImageBatch average = images.average();

        images.step(ImageBatch.of(SHAPE, noise(new SplittableRandom(2))), LEARNING_RATE, 0.5);

        assertThat(images.average()).isSameAs(average);
        images.updateAverage(0.5);
        assertThat(images.average().toArray()).isNotEqualTo(average.toArray());
    }

    @ParameterizedTest(name = "{0} classes, momentum {1}")
    @CsvSource({"10,0.5", "3,0.9", "1,0.5", "4,0"})
    @DisplayName("equals one optimiser over the images of all classes that steps once per class")
    void isTheCoupledOptimiser(int classes, double momentum) {
        RandomGenerator random = new SplittableRandom(1);
        SyntheticImages[] memories = new SyntheticImages[classes];
        double[][] images = new double[classes][SIZE];
        double[][] buffers = new double[classes][SIZE];
        for (int label = 0; label < classes; label++) {
            float[] start = noise(random);
            memories[label] = SyntheticImages.of(ImageBatch.of(SHAPE, start));
            for (int i = 0; i < SIZE; i++) {
                images[label][i] = start[i];
            }
        }

        for (int loop = 0; loop < 4; loop++) {
            for (int label = 0; label < classes; label++) {
                float[] gradient = noise(random);
                for (int other = 0; other < classes; other++) {
                    for (int i = 0; i < SIZE; i++) {
                        buffers[other][i] = momentum * buffers[other][i] + (other == label ? gradient[i] : 0);
                        images[other][i] -= LEARNING_RATE * buffers[other][i];
                    }
                }
                memories[label].coast(label, LEARNING_RATE, momentum);
                memories[label].step(ImageBatch.of(SHAPE, gradient), LEARNING_RATE, momentum);
                memories[label].coast(classes - 1 - label, LEARNING_RATE, momentum);
            }
        }

        for (int label = 0; label < classes; label++) {
            float[] learned = memories[label].images().toArray();
            float[] velocity = memories[label].velocity().toArray();
            for (int i = 0; i < SIZE; i++) {
                assertThat((double) learned[i]).isCloseTo(images[label][i], within(1e-6));
                assertThat((double) velocity[i]).isCloseTo(buffers[label][i], within(1e-6));
            }
        }
    }

    @Test
    @DisplayName("moves by the full first gradient, then by its decaying momentum")
    void steps() {
        SyntheticImages images = SyntheticImages.of(ImageBatch.of(SHAPE, new float[6]));

        images.step(ImageBatch.of(SHAPE, new float[] {1, 2, 0, 0, 0, -1}), 0.1, 0.5);
        assertThat(images.images().toArray()).containsExactly(new float[] {-0.1f, -0.2f, 0, 0, 0, 0.1f}, within(1e-7f));

        images.coast(2, 0.1, 0.5);
        assertThat(images.images().toArray())
                .containsExactly(new float[] {-0.175f, -0.35f, 0, 0, 0, 0.175f}, within(1e-7f));
        assertThat(images.velocity().toArray())
                .containsExactly(new float[] {0.25f, 0.5f, 0, 0, 0, -0.25f}, within(1e-7f));
    }

    @Test
    @DisplayName("coasting for zero steps changes nothing")
    void coastsNowhere() {
        float[] start = noise(new SplittableRandom(1));
        ImageBatch batch = ImageBatch.of(SHAPE, start);
        SyntheticImages images = SyntheticImages.of(batch, batch, batch);

        images.coast(0, 0.1, 0.5);

        assertThat(images.images().toArray()).isEqualTo(start);
        assertThat(images.velocity().toArray()).isEqualTo(start);
    }

    @Test
    @DisplayName("returns a running average of its images, in which older ones fade")
    void averages() {
        SyntheticImages images = SyntheticImages.of(ImageBatch.of(SHAPE, new float[] {1, 1, 1, 1, 1, 1}));
        ImageBatch gradient = ImageBatch.of(SHAPE, new float[] {1, 2, 3, 4, 5, 6});

        images.step(gradient, 0.1, 0);
        images.updateAverage(0.75);
        images.step(gradient, 0.1, 0);
        images.updateAverage(0.75);

        for (int i = 0; i < 6; i++) {
            double first = 1 - 0.1 * (i + 1);
            double second = 1 - 0.2 * (i + 1);
            assertThat((double) images.average().toArray()[i])
                    .isCloseTo(0.5625 + 0.1875 * first + 0.25 * second, within(1e-6));
        }
    }

    @Test
    @DisplayName("returns its images unchanged if averaging is off")
    void averagesNothing() {
        SyntheticImages images = SyntheticImages.of(ImageBatch.of(SHAPE, noise(new SplittableRandom(4))));

        images.step(ImageBatch.of(SHAPE, noise(new SplittableRandom(5))), 0.1, 0.5);
        images.updateAverage(0);

        assertThat(images.average().toArray()).isEqualTo(images.images().toArray());
    }

    @Test
    @DisplayName("reports the movement of its average: distance divided by the root of the number of pixels")
    void tellsItsWay() {
        SyntheticImages images = SyntheticImages.of(ImageBatch.of(SHAPE, noise(new SplittableRandom(4))));
        images.step(ImageBatch.of(SHAPE, noise(new SplittableRandom(5))), 0.1, 0.5);
        float[] before = images.average().toArray();

        double change = images.updateAverage(0.75);

        float[] after = images.average().toArray();
        double way = 0;
        for (int i = 0; i < SIZE; i++) {
            way = Math.hypot(way, after[i] - before[i]);
        }
        assertThat(change).isPositive().isCloseTo(way / Math.sqrt(SIZE), within(1e-7));
    }

    @Test
    @DisplayName("clamps the images and keeps the momentum")
    void clamps() {
        ImageBatch velocity = ImageBatch.of(SHAPE, new float[] {9, 9, 9, 9, 9, 9});
        SyntheticImages images =
                SyntheticImages.of(ImageBatch.of(SHAPE, new float[] {-1, 0, 0.5f, 1, 1.5f, 2}), velocity, velocity);

        images.clamp();

        assertThat(images.images().toArray()).containsExactly(0, 0, 0.5f, 1, 1, 1);
        assertThat(images.velocity().toArray()).containsOnly(9);
    }

    @Test
    @DisplayName("continues from its saved state with the same bits")
    void restores() {
        RandomGenerator random = new SplittableRandom(3);
        SyntheticImages images = SyntheticImages.of(ImageBatch.of(SHAPE, noise(random)));
        images.step(ImageBatch.of(SHAPE, noise(random)), 0.1, 0.5);
        SyntheticImages restored = SyntheticImages.of(images.images(), images.velocity(), images.average());
        ImageBatch gradient = ImageBatch.of(SHAPE, noise(random));

        images.step(gradient, 0.1, 0.5);
        images.updateAverage(0.9);
        restored.step(gradient, 0.1, 0.5);
        restored.updateAverage(0.9);

        assertThat(restored.images().toArray()).isEqualTo(images.images().toArray());
        assertThat(restored.average().toArray()).isEqualTo(images.average().toArray());
    }

    @Test
    @DisplayName("refuses a gradient or a velocity of another shape")
    void refusesOtherShapes() {
        ImageBatch one = ImageBatch.of(SHAPE, new float[6]);
        ImageBatch two = ImageBatch.of(SHAPE, new float[12]);

        assertThatThrownBy(() -> SyntheticImages.of(one).step(two, 0.1, 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("want a gradient of 1 1x3x2 images, got 2 of 1x3x2");
        assertThatThrownBy(() -> SyntheticImages.of(one, two, one)).hasMessageContaining("want a velocity of 1");
        assertThatThrownBy(() -> SyntheticImages.of(one, one, two)).hasMessageContaining("want an average of 1");
    }
}
