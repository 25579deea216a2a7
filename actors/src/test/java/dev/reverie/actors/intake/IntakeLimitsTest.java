package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.Samples;
import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.telemetry.IngestSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The limits of an intake")
class IntakeLimitsTest {
    private static final int IMAGE = 1000;
    private static final double TEST_SHARE = 0.1;

    private static final IntakeLimits LIMITS =
            new IntakeLimits(100, 500, 400 * IMAGE, 1600 * IMAGE, 2000, 8000, 1 << 20, Optional.empty());

    @Test
    @DisplayName("give each class all that a class may have, while there is enough")
    void fewClasses() {
        assertThat(LIMITS.capacityPerClass(3, IMAGE, TEST_SHARE)).isEqualTo(new ClassCapacity(400, 40, 2000));
    }

    @Test
    @DisplayName(
            "divide what all classes share by the next power of two, so that few new classes change the capacities")
    void manyClasses() {
        assertThat(LIMITS.capacityPerClass(5, IMAGE, TEST_SHARE)).isEqualTo(new ClassCapacity(200, 20, 1000));
        assertThat(LIMITS.capacityPerClass(8, IMAGE, TEST_SHARE)).isEqualTo(new ClassCapacity(200, 20, 1000));
        assertThat(LIMITS.capacityPerClass(9, IMAGE, TEST_SHARE)).isEqualTo(new ClassCapacity(100, 10, 500));
    }

    @Test
    @DisplayName("leave each class an image, even one that is larger than its share")
    void largeImages() {
        assertThat(LIMITS.capacityPerClass(5, 300 * IMAGE, TEST_SHARE)).isEqualTo(new ClassCapacity(1, 1, 1000));
    }

    @Test
    @DisplayName("give no class more images than a class may have, however small these are")
    void smallImages() {
        assertThat(LIMITS.capacityPerClass(3, IMAGE / 10, TEST_SHARE)).isEqualTo(new ClassCapacity(500, 50, 2000));
    }

    @Test
    @DisplayName("let each class recognise a sample again, however many classes there are")
    void moreClassesThanFingerprints() {
        assertThat(LIMITS.capacityPerClass(10_000, IMAGE, TEST_SHARE).fingerprints())
                .isEqualTo(1);
    }

    @Test
    @DisplayName(
            "leave each class as much on two nodes with twice the classes, and no class more than a class may have")
    void nodes() {
        assertThat(LIMITS.ofNodes(2).capacityPerClass(16, IMAGE, TEST_SHARE))
                .isEqualTo(LIMITS.capacityPerClass(8, IMAGE, TEST_SHARE));
        assertThat(LIMITS.ofNodes(2).capacityPerClass(3, IMAGE, TEST_SHARE))
                .isEqualTo(LIMITS.capacityPerClass(3, IMAGE, TEST_SHARE));
    }

    @Test
    @DisplayName("are refused if they leave no class or image, a negative number of fingerprints, or no time")
    void refusesImpossibleLimits() {
        assertThatThrownBy(() -> new IntakeLimits(0, 1, 1, 1, 0, 0, 1, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the limits of classes, images and bytes must be at least 1");
        assertThatThrownBy(() -> new IntakeLimits(1, 1, 1, 1, -1, 0, 1, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the limits of fingerprints must be at least 0");
        assertThatThrownBy(() -> new IntakeLimits(1, 1, 1, 1, 0, 0, 1, Optional.of(Duration.ZERO)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the maximum age of images must be positive");
    }

    @Test
    @DisplayName("count the names and the objects of samples, which are larger than small images")
    void countsMoreThanPixels() {
        Sample plain = new Sample("cat", Optional.empty(), Samples.images(1, 1).getFirst());
        Sample named = new Sample("c".repeat(103), Optional.of("i".repeat(200)), plain.image());

        assertThat(size(plain)).isGreaterThan(10L * Samples.SHAPE.size());
        assertThat(size(plain, named)).isEqualTo(2 * size(plain) + 300);
    }

    private static long size(Sample... samples) {
        return new Delivery(IngestSource.HTTP, List.of(samples)).bytes();
    }
}
