package dev.reverie.gpu.matching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A real batch")
class RealBatchTest {

    private final Image dark = image(10);
    private final Image light = image(200);

    private static Image image(int level) {
        return Image.of(new ImageShape(1, 1, 2), new byte[] {(byte) level, (byte) level});
    }

    @Test
    @DisplayName("weights an image by the number of its occurrences, and evaluates it once")
    void distinct() {
        RealBatch batch = RealBatch.distinct(List.of(light, dark, light, image(200)));

        assertThat(batch.images()).containsExactly(light, dark);
        assertThat(batch.weights()).containsExactly(0.75, 0.25);
        assertThat(batch.weights(1, 1)).containsExactly(0.25);
    }

    @Test
    @DisplayName("has all images in order with equal weights if they occur once each")
    void even() {
        RealBatch batch = RealBatch.even(List.of(light, dark, light, light));

        assertThat(batch.images()).containsExactly(light, dark, light, light);
        assertThat(batch.weights()).containsOnly(0.25);
    }
}
