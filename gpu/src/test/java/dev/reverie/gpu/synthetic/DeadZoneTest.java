package dev.reverie.gpu.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A dead zone")
class DeadZoneTest {

    /** The standard deviation of the clamped values is 0.433. */
    private static final float[] BRIGHT = {-0.2f, 0.03f, 0.06f, 0.5f, 0.93f, 0.97f, 1.3f, 0.02f};

    @Test
    @DisplayName("moves values that are almost black or white, and keeps the others")
    void moves() {
        assertThat(applied(0.1, BRIGHT)).containsExactly(0f, 0f, 0.06f, 0.5f, 0.93f, 1f, 1f, 0f);
    }

    @Test
    @DisplayName("without width only clamps values")
    void clamps() {
        assertThat(applied(0, BRIGHT)).containsExactly(0f, 0.03f, 0.06f, 0.5f, 0.93f, 0.97f, 1f, 0.02f);
    }

    @Test
    @DisplayName("leaves the content of a dark image")
    void dark() {
        float[] night = {0f, 0.01f, 0.02f, 0.03f, 0.02f, 0.01f, 0.03f, 0f};

        assertThat(applied(0.1, night)).isEqualTo(night);
    }

    @Test
    @DisplayName("leaves a real image, whose values are whole bytes")
    void real() {
        byte[] allLevels = new byte[256];
        for (int level = 0; level < allLevels.length; level++) {
            allLevels[level] = (byte) level;
        }
        ImageBatch real = ImageBatch.of(new ImageShape(1, 16, 16), allLevels);

        assertThat(new DeadZone(0.1).appliedTo(real).toArray()).isEqualTo(real.toArray());
    }

    @Test
    @DisplayName("treats each image alone")
    void alone() {
        ImageBatch image = image(BRIGHT);
        ImageBatch dark = image(new float[] {0f, 0.01f, 0.02f, 0.03f, 0.02f, 0.01f, 0.03f, 0f});

        ImageBatch both = new DeadZone(0.1).appliedTo(ImageBatch.join(List.of(dark, image)));

        assertThat(both.pick(List.of(1)).toArray()).isEqualTo(applied(0.1, BRIGHT));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("cannot have the width")
    @ValueSource(doubles = {-0.01, 1.01, Double.NaN})
    void limits(double width) {
        assertThatThrownBy(() -> new DeadZone(width))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the width of a dead zone must be from 0 to 1, got " + width);
    }

    private static float[] applied(double width, float[] values) {
        return new DeadZone(width).appliedTo(image(values)).toArray();
    }

    private static ImageBatch image(float[] values) {
        return ImageBatch.of(new ImageShape(1, 2, 4), values);
    }
}
