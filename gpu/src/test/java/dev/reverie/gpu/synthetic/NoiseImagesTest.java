package dev.reverie.gpu.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Noise images")
class NoiseImagesTest {

    private static final ImageShape SHAPE = new ImageShape(2, 64, 64);

    /** Four standard errors of the mean of 4,096 values with deviation 0.1. */
    private static final double CHANCE = 0.007;

    @Test
    @DisplayName("have the mean and the deviation of each channel")
    void followTheDistribution() {
        Normalisation distribution = new Normalisation(List.of(0.4, 0.6), List.of(0.05, 0.1));

        Image image = NoiseImages.images(SHAPE, distribution, 1, 7).getFirst();

        for (int channel = 0; channel < 2; channel++) {
            double mean = distribution.mean().get(channel);
            double[] values = values(image, channel);
            assertThat(Arrays.stream(values).average().orElseThrow()).isCloseTo(mean, within(CHANCE));
            double variance = Arrays.stream(values)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElseThrow();
            assertThat(Math.sqrt(variance)).isCloseTo(distribution.std().get(channel), within(CHANCE));
        }
    }

    @Test
    @DisplayName("are the same for the same seed")
    void areRepeatable() {
        assertThat(levels(7)).isEqualTo(levels(7)).isNotEqualTo(levels(8));
    }

    private static List<ByteBuffer> levels(long seed) {
        return NoiseImages.images(SHAPE, Normalisation.neutral(SHAPE), 2, seed).stream()
                .map(Image::levels)
                .toList();
    }

    private static double[] values(Image image, int channel) {
        int plane = image.shape().planeSize();
        return IntStream.range(channel * plane, (channel + 1) * plane)
                .mapToDouble(i -> image.level(i) / 255.0)
                .toArray();
    }
}
